/** A rollup cannot be filled: there is none of that name (`unknown_rollup`), or its view is gone (`no_view`). */
export class BackfillError extends Error {
  override readonly name = 'BackfillError' as const;
  readonly code: 'unknown_rollup' | 'no_view';

  constructor(code: BackfillError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
