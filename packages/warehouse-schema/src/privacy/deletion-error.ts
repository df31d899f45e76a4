export type PersonErrorCode = 'invalid_id' | 'too_many_ids' | 'sharded' | 'loader_behind' | 'still_there';

/** Why a person's data cannot be exported or deleted now; `field` names what is wrong with the request, if anything is. */
export class PersonError extends Error {
  override readonly name = 'PersonError' as const;
  readonly code: PersonErrorCode;
  readonly field: string | undefined;

  constructor(code: PersonErrorCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
