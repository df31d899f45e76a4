import { DefinitionsError } from '../store/definitions-error.ts';

/** What is wrong at one place of a document; `path` is a JSON pointer, as in `/experiments/checkout/phases/0`. */
export interface DefinitionsProblem {
  path: string;
  message: string;
}

/** A document that cannot be used, with everything that is wrong with it. */
export class InvalidDefinitionsError extends DefinitionsError {
  override readonly name = 'InvalidDefinitionsError';
  readonly problems: readonly DefinitionsProblem[];

  constructor(problems: readonly DefinitionsProblem[]) {
    super(
      'invalid_definitions',
      problems.map(({ path, message }) => `${path || '/'}: ${message}`).join('; '),
    );
    this.problems = problems;
  }
}

/** Notes a problem at a place. */
export type Report = (path: string, message: string) => void;

/** The pointer to a member: RFC 6901 writes `~` as `~0` and `/` as `~1`. */
export function member(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
