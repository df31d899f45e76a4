/** What went wrong with a definition, for a caller that can do something about it. */
export type DefinitionsErrorCode =
  | 'unknown_key'
  | 'unknown_project'
  | 'unknown_alert'
  | 'invalid_field'
  | 'invalid_definitions'
  | 'stale_version'
  | 'not_durable'
  | 'unavailable'
  | 'not_empty'
  | 'changed';

/** A definition could not be read or changed; the message says which and why. */
export class DefinitionsError extends Error {
  override readonly name: string = 'DefinitionsError';
  readonly code: DefinitionsErrorCode;

  constructor(code: DefinitionsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
