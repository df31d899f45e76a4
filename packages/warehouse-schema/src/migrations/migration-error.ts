/**
 * The migrations cannot be applied: `bad_file`, an applied one was edited (`edited`) or is no longer there (`missing`),
 * or the warehouse is of a newer Millrace (`newer`), or spread over other shards than wanted (`form`).
 */
export class MigrationError extends Error {
  override readonly name = 'MigrationError' as const;
  readonly code: 'bad_file' | 'edited' | 'missing' | 'newer' | 'form';

  constructor(code: MigrationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
