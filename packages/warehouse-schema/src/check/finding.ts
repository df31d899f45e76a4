/** Something that is wrong with a warehouse, in words, and what to do. */
export interface Finding {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  fix: string;
}
