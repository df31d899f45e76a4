import { ReadOnlySqlError } from './read-only-sql-error.ts';
import { type Token, tokenize } from './tokenize.ts';

const QUERIES = ['SELECT', 'WITH', 'FROM', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS'];

/**
 * Refuses, in words, what is plainly no query, and the one function that needs no right: `file` reads any file where the
 * embedded ClickHouse runs without Landlock (macOS, old kernels). For the rest this is politeness: what keeps a caller
 * from writing is that the reader has no right to.
 * @throws ReadOnlySqlError `not_a_query` or `access_denied`.
 */
export function checkStatement(sql: string): void {
  const tokens = tokenize(sql);
  const first = tokens.find((token) => token.text !== '(');
  const word = first?.kind === 'name' ? first.text.toUpperCase() : undefined;
  if (word === undefined || !QUERIES.includes(word)) {
    const got = first === undefined ? 'is empty' : `begins with ${first.text.slice(0, 20)}`;
    throw new ReadOnlySqlError(
      'not_a_query',
      `Only queries are answered (${QUERIES.join(', ')}); this ${got}.`,
    );
  }
  if (tokens.some((token, index) => isFileFunction(token, tokens[index - 1]))) {
    throw new ReadOnlySqlError(
      'access_denied',
      'Files cannot be read here. If "file" is a column, give it another name.',
    );
  }
}

/** `properties.file` is a path; any other use of the name may be the function, as an argument too. */
function isFileFunction(token: Token, before: Token | undefined): boolean {
  return token.kind !== 'symbol' && token.text === 'file' && before?.text !== '.';
}
