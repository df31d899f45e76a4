import { isScreenSize } from './enrich/client.ts';
import { DEVICE_TYPES } from './enrich/device-types.ts';

type Taken = (value: unknown) => boolean;
type Rules = ReadonlyMap<string, Taken | Rules>;

const rules = (entries: Record<string, Taken | Rules>): Rules => new Map(Object.entries(entries));

const text: Taken = (value) => typeof value === 'string';
const always: Taken = () => true;

/** What the enrichment puts into columns, and so need not be kept twice. */
const TAKEN: Rules = rules({
  // Kept nowhere in full, whatever it is.
  ip: always,
  userAgent: text,
  locale: text,
  timezone: text,
  library: rules({ name: text, version: text }),
  page: rules({ url: text, path: text, search: text, title: text, referrer: text }),
  campaign: rules({ source: text, medium: text, name: text, term: text, content: text }),
  screen: rules({ width: isScreenSize, height: isScreenSize }),
  device: rules({ type: (value) => DEVICE_TYPES.has(value), manufacturer: text, model: text }),
  os: rules({ name: text, version: text }),
});

type Fields = Readonly<Record<string, unknown>>;

/** The fields of `value` that `taken` does not take, or undefined if none is left. */
function leftover(value: Fields, taken: Rules): Fields | undefined {
  let rest: Record<string, unknown> | undefined;
  for (const key in value) {
    const field = value[key];
    if (field === null) continue;
    const rule = taken.get(key);
    let kept = field;
    if (typeof rule === 'function') {
      if (rule(field)) continue;
    } else if (rule !== undefined && typeof field === 'object' && !Array.isArray(field)) {
      const inner = leftover(field as Fields, rule);
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
