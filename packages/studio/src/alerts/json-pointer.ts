/** What a JSON pointer (RFC 6901) leads to; undefined where it leads nowhere. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const key of keysOf(pointer)) {
    if (!hasKey(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

const SHOWN_KEYS = 20;

/** How far a JSON pointer leads, and what there is, in words: for someone whose pointer goes astray. */
export function whereItEnds(document: unknown, pointer: string): string {
  let value = document;
  let way = '';
  for (const key of keysOf(pointer)) {
    if (!hasKey(value, key)) break;
    value = value[key];
    way += `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  const place = way === '' ? 'the answer' : way;
  if (Array.isArray(value)) return `${place} has ${value.length} elements`;
  if (typeof value !== 'object' || value === null) return `${place} is ${JSON.stringify(value)}`;
  const keys = Object.keys(value);
  const more = keys.length > SHOWN_KEYS ? ' and others' : '';
  return `${place} has ${keys.slice(0, SHOWN_KEYS).join(', ')}${more}`;
}

function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function hasKey(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
