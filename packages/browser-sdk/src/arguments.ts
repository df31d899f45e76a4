import type { JsonObject } from '@millrace/core';

/** A name or an id: a string that is not empty, or a number, which becomes one. Else a TypeError. */
export function readText(name: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text !== '') return text;
  throw new TypeError(`${name} must be a string that is not empty`);
}

/** Properties or traits: an object, or nothing. Else a TypeError. */
export function readObject(name: string, value: unknown): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new TypeError(`${name} must be an object`);
}
