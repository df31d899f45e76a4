import { isScreenSize } from './enrich/client.ts';
import { DEVICE_TYPES } from './enrich/device.ts';

type Taken = (value: unknown) => boolean;

const text: Taken = (value) => typeof value === 'string';
const always: Taken = () => true;

/** What the enrichment puts into columns, and so need not be kept twice. */
const TAKEN: Readonly<Record<string, Taken | Readonly<Record<string, Taken>>>> = {
  // Kept nowhere in full, whatever it is.
  ip: always,
  userAgent: text,
  locale: text,
  timezone: text,
  library: { name: text, version: text },
  page: { url: text, path: text, search: text, title: text, referrer: text },
  campaign: { source: text, medium: text, name: text, term: text, content: text },
  screen: { width: isScreenSize, height: isScreenSize },
  device: { type: (value) => DEVICE_TYPES.has(value), manufacturer: text, model: text },
  os: { name: text, version: text },
};

type Fields = Readonly<Record<string, unknown>>;

/** The fields of `value` that `taken` does not take, or undefined if none is left. */
function leftover(value: Fields, taken: Fields): Fields | undefined {
  let rest: Record<string, unknown> | undefined;
  for (const key in value) {
    const field = value[key];
    if (field === null) continue;
    const rule = Object.hasOwn(taken, key) ? taken[key] : undefined;
    let kept = field;
    if (typeof rule === 'function') {
      if ((rule as Taken)(field)) continue;
    } else if (rule !== undefined && typeof field === 'object' && !Array.isArray(field)) {
      const inner = leftover(field as Fields, rule as Fields);
      if (inner === undefined) continue;
      kept = inner;
    }
    // Without a prototype, a field called "__proto__" is a field like any other.
    rest ??= Object.create(null) as Record<string, unknown>;
    rest[key] = kept;
  }
  return rest;
}

/** What of an event's context no column takes, or undefined if that is nothing. */
export function leftoverContext(context: Fields): Fields | undefined {
  return leftover(context, TAKEN);
}
