import { invalid } from '../insight-error.ts';

/** The clock of a time zone, with its daylight saving time. Times are Unix milliseconds. */
export interface Zone {
  /** The name as the data base of time zones has it; ClickHouse knows it too. */
  name: string;
  /** How far the zone's clock is ahead of UTC at a moment, in milliseconds. */
  offsetAt(ms: number): number;
  /**
   * The moment at which the clock shows a time, given as if it were UTC. A time that comes twice is its first; one that
   * is skipped is the moment of the skip.
   */
  momentOf(local: number): number;
}

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;
const DAY_MS = 86_400_000;
const zones = new Map<string, Zone>();

/** @throws InsightError when there is no such time zone. */
export function zoneOf(name: string, pointer: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const format = NAME.test(name) ? formatOf(name) : undefined;
  if (format === undefined) {
    throw invalid(
      pointer,
      `unknown time zone ${JSON.stringify(name)}; expected an IANA name such as Asia/Kathmandu`,
    );
  }
  const zone = makeZone(format);
  zones.set(name, zone);
  return zone;
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function makeZone(format: Intl.DateTimeFormat): Zone {
  function offsetAt(ms: number): number {
    const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  }
  return {
    name: format.resolvedOptions().timeZone,
    offsetAt,
    momentOf(local) {
      // An offset lies within a day, and no zone changes its clock twice within two.
      const before = offsetAt(local - DAY_MS);
      const after = offsetAt(local + DAY_MS);
      if (offsetAt(local - before) === before) return local - before;
      if (offsetAt(local - after) === after) return local - after;
      return changeBetween(
        offsetAt,
        local - Math.max(before, after),
        local - Math.min(before, after),
        before,
      );
    },
  };
}

/** The moment within (from, to] at which the clock changes away from `before`. */
function changeBetween(offsetAt: (ms: number) => number, from: number, to: number, before: number): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** A moment as ISO 8601 with the zone's offset, to the millisecond where it is not a whole second. */
export function exactIsoIn(zone: Zone, ms: number): string {
  const text = isoIn(zone, ms);
  const fraction = ((ms % 1000) + 1000) % 1000;
  return fraction === 0 ? text : text.replace(/(T\d\d:\d\d:\d\d)/, `$1.${String(fraction).padStart(3, '0')}`);
}

/** A moment as ISO 8601 with the zone's offset, to the second: `2026-03-29T00:00:00+05:45`. */
export function isoIn(zone: Zone, ms: number): string {
  const offset = zone.offsetAt(ms);
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const shift = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${new Date(ms + offset).toISOString().slice(0, 19)}${shift}`;
}
