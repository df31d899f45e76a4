/** The parameter of an address that sets variants and flags by hand. */
export const FORCE_PARAMETER = 'millrace_force';

/**
 * Overrides of a text as in `?millrace_force=checkout:one_page,dark_mode:true`: `key:variant` or `key:value`, with commas.
 * A value is a text; a flag of another type reads it as JSON. What has no colon is left out.
 */
export function parseOverrides(text: string): { [key: string]: string } {
  const pairs = text.matchAll(/([^:,]*[^:,\s])\s*:\s*([^,]*[^,\s])/g);
  return Object.fromEntries(Array.from(pairs, ([, key = '', value = '']) => [key.trim(), value]));
}
