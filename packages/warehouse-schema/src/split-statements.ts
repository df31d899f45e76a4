/**
 * Splits a file of SQL by the one rule of ours: a statement ends with `;` at the end of a line. Comment lines before a
 * statement are left out.
 * @throws SyntaxError for text after the last `;`.
 */
export function splitStatements(text: string): string[] {
  const parts = text
    .split(/;[ \t]*(?:\r?\n|$)/)
    .map((part) => part.replace(/^(\s*(--[^\n]*)?\n)+/, '').trim());
  const rest = parts.pop() ?? '';
  if (rest !== '' && !/^(--[^\n]*\s*)+$/.test(rest)) {
    throw new SyntaxError('the last statement does not end with ";" at the end of a line');
  }
  return parts.filter((part) => part !== '');
}
