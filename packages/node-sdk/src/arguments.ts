import type { JsonObject } from '@millrace/core';

/** A name or an id: a string that is not empty, or a number, which becomes one. Else a TypeError. */
export function readText(name: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text !== '') return text;
  throw new TypeError(`${name} must be a string that is not empty`);
}

/** As readText, but nothing and the empty text are nothing. */
export function readOptionalText(name: string, value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : readText(name, value);
}

/** Properties, traits or context: an object, or nothing. Else a TypeError. */
export function readObject(name: string, value: unknown): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw new TypeError(`${name} must be an object`);
}

// A busy server records hundreds of events within one millisecond.
let latest = { at: Number.NaN, text: '' };

/** When something happened, as ISO 8601; `now` where nothing was said. Else a TypeError. */
export function readTimestamp(value: unknown, now: number): string {
  if (value === undefined || value === null) {
    if (latest.at !== now) latest = { at: now, text: new Date(now).toISOString() };
    return latest.text;
  }
  const time = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(time.getTime())) throw new TypeError('timestamp must be a Date or an ISO 8601 text');
  return time.toISOString();
}
