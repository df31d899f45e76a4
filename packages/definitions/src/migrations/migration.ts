/** One numbered, immutable file of SQL. */
export interface Migration {
  /** The file's name without its ending: `0001_definitions`. */
  name: string;
  sql: string;
}
