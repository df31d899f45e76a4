import type { JsonObject } from '@millrace/core';

/** Throws a TypeError that names the `field` and what was `expected` of it, unless that holds. */
export function expectThat(holds: unknown, field: string, expected: string): asserts holds {
  if (!holds) throw Object.assign(new TypeError(`${field} must be ${expected}`), { field });
}

/** A name or an id: a string that is not empty, or a number, which becomes one. Else a TypeError. */
export function readText(field: string, value: unknown): string {
  const text = typeof value === 'number' ? `${value}` : value;
  expectThat(text && typeof text === 'string', field, 'a string');
  return text;
}

/** Properties or traits: an object, or nothing. Else a TypeError. */
export function readObject(field: string, value: unknown): JsonObject | undefined {
  expectThat(typeof (value ?? {}) === 'object' && !Array.isArray(value), field, 'an object');
  return (value ?? undefined) as JsonObject | undefined;
}
