import { attempt } from './browser-values.ts';

/** The object that a text is JSON of, or an empty one. */
export function parseObject(json: string | undefined): Record<string, unknown> {
  const value: unknown = attempt(() => JSON.parse(json ?? ''));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** An id of 1 to 128 characters, else undefined. */
function readId(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= 128 ? text : undefined;
}

/** The two ids, without what is not known. */
export function ids(anonymousId: unknown, userId?: unknown): { anonymousId?: string; userId?: string } {
  const [anonymous, user] = [readId(anonymousId), readId(userId)];
  return { ...(anonymous && { anonymousId: anonymous }), ...(user && { userId: user }) };
}
