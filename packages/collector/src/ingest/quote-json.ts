// What a JSON string must escape; lone surrogates were replaced before.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that JSON escapes.
const ESCAPED = /["\\\u0000-\u001f]/;

/** `JSON.stringify` of a well-formed string, at a third of the cost where nothing is to be escaped. */
export function quoteJson(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
