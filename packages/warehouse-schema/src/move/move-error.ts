/** Why a warehouse was not moved; what was moved before stays, and the move can be run again. */
export class MoveError extends Error {
  override readonly name = 'MoveError' as const;
  readonly code: 'not_empty' | 'changed' | 'table_missing' | 'sharded' | 'differs' | 'transfer';

  constructor(code: MoveError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
