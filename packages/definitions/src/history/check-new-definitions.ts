import { wellFormedString } from '@millrace/core';
import { InvalidDefinitionsError } from '../document/definitions-problem.ts';
import { DefinitionsError } from '../store/definitions-error.ts';
import type { NewDefinitions } from './stored-definitions.ts';

const ENVIRONMENT = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Throws where what is said about a document, and not in it, cannot be. */
export function checkNewDefinitions({ environment, author, note = '', document }: NewDefinitions): void {
  checkEnvironment(environment);
  if (!isText(author, 200) || author.trim() === '') {
    throw new DefinitionsError('invalid_field', 'author: expected who saves it, in 1 to 200 characters');
  }
  if (!isText(note, 2_000))
    throw new DefinitionsError('invalid_field', 'note: expected at most 2000 characters');
  if (typeof document === 'object' && document !== null && 'remote' in document) {
    throw new InvalidDefinitionsError([
      { path: '/remote', message: 'stands in the part that clients see, which is not the whole document' },
    ]);
  }
}

/** Throws `DefinitionsError` `invalid_field` where an environment cannot have that name. */
function checkEnvironment(environment: string): void {
  if (!ENVIRONMENT.test(environment)) {
    throw new DefinitionsError(
      'invalid_field',
      `environment ${JSON.stringify(environment)}: expected 1 to 64 of a-z, 0-9, - and _, a letter or digit first`,
    );
  }
}

function isText(text: unknown, max: number): text is string {
  return (
    typeof text === 'string' && text.length <= max && !text.includes('\0') && wellFormedString(text) === text
  );
}
