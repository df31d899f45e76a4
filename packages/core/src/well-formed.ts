import type { Json } from './event.ts';

const LONE_SURROGATE = /\p{Cs}/gu;
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** `text` with every lone surrogate replaced by U+FFFD. */
export function wellFormedString(text: string): string {
  return text.replace(LONE_SURROGATE, '\uFFFD');
}

/**
 * Makes every string of a JSON value well-formed, keys included, in place, and returns the value. Nesting of any
 * depth is walked without recursion. Where two keys become one, the later value stays.
 */
export function makeWellFormed<T extends Json>(value: T): T;
export function makeWellFormed(value: Json): Json {
  if (typeof value === 'string') return wellFormedString(value);
  const open: Json[] = [value];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || typeof node !== 'object') continue;
    const fields = node as { [key: string]: Json };
    for (const key of Object.keys(fields)) {
      const child = fields[key] as Json;
      const clean = typeof child === 'string' ? wellFormedString(child) : child;
      const name = wellFormedString(key);
      if (name !== key) delete fields[key];
      if (clean !== child || name !== key) fields[name] = clean;
      open.push(clean);
    }
  }
  return value;
}

/**
 * Whether a JSON text could hold a lone surrogate. In JSON that was decoded from UTF-8 it can stand only as an
 * escape, so that most texts need no walk.
 */
export function mayHoldLoneSurrogate(json: string): boolean {
  return SURROGATE_ESCAPE.test(json);
}

/**
 * JSON.stringify of `value` with every string well-formed. Throws what JSON.stringify throws: a cycle, a BigInt, a
 * getter's own error, too deep a nesting.
 */
export function stringifyWellFormed(value: object): string {
  // JSON.stringify escapes a surrogate only where it is alone. Any other escape is matched so that it is stepped over.
  return JSON.stringify(value).replace(/(\\[^u])|\\ud[89a-f]../g, (_, other) => other || '\\ufffd');
}
