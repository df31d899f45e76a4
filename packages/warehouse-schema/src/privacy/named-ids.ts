const FIELDS = new Set(['anonymousId', 'userId', 'previousId', 'anonymous_id', 'user_id', 'previous_id']);
const LIST_FIELD = 'batch';
const MAX_DEPTH = 16;
const MEMBER =
  /"(anonymousId|userId|previousId|anonymous_id|user_id|previous_id)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)/g;

/**
 * The ids of people that the payload of a refused event names: its `anonymousId`, `userId` and `previousId`, as sent or as
 * columns; of a list, those of all that it holds. A payload that is no whole JSON, such as one that was cut, is searched
 * for these members at any depth. Other text is never taken for an id.
 */
export function idsNamed(payload: string): Set<string> {
  const ids = new Set<string>();
  try {
    collect(JSON.parse(payload), ids, 0);
  } catch {
    for (const [, , value = ''] of payload.matchAll(MEMBER)) add(parseOr(value), ids);
  }
  return ids;
}

function collect(value: unknown, ids: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, ids, depth + 1);
    return;
  }
  for (const [field, member] of Object.entries(value)) {
    if (FIELDS.has(field)) add(member, ids);
    else if (field === LIST_FIELD) collect(member, ids, depth + 1);
  }
}

function add(value: unknown, ids: Set<string>): void {
  if (typeof value === 'number' || (typeof value === 'string' && value !== '')) ids.add(String(value));
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
