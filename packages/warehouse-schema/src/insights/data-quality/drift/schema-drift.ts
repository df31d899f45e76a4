import type { EventTotals } from '../looked-at.ts';
import { type Rows, rowsWith, type SampledEvent } from './read-properties.ts';
import { hasAppeared, hasVanished } from './share-change.ts';

/** What became of a property: `share` of the event's rows with it. */
interface PropertyDrift {
  event: string;
  property: string;
  share: Rows;
}

/** A type that values of a property have now and had not before, or the other way round. */
interface TypeDrift {
  event: string;
  property: string;
  /** The part of its values that are of each type: `text`, `number`, `boolean`, `array`. */
  types: Record<string, Rows>;
}

/** What events look like otherwise than in the time before. */
export interface SchemaDrift {
  newEvents: { event: string; rows: number }[];
  vanishedEvents: { event: string; rowsBefore: number }[];
  newProperties: PropertyDrift[];
  vanishedProperties: PropertyDrift[];
  changedTypes: TypeDrift[];
}

/** So many rows an event has to have had before that its absence says something. */
const MIN_EVENT_ROWS = 10;

/** Compares the range with the time before it. What is rare is not said to be new, nor to be gone, by chance. */
export function findDrift(totals: readonly EventTotals[], events: readonly SampledEvent[]): SchemaDrift {
  const drift: SchemaDrift = {
    newEvents: totals
      .filter(({ now_rows, before_rows }) => before_rows === 0 && now_rows > 0)
      .map(({ event, now_rows: rows }) => ({ event, rows })),
    vanishedEvents: totals
      .filter(({ now_rows, before_rows }) => now_rows === 0 && before_rows >= MIN_EVENT_ROWS)
      .map(({ event, before_rows: rowsBefore }) => ({ event, rowsBefore })),
    newProperties: [],
    vanishedProperties: [],
    changedTypes: [],
  };
  for (const { event, rows, properties } of events) {
    if (rows.now === 0 || rows.before === 0) continue;
    const of = { nowOf: rows.now, beforeOf: rows.before };
    for (const [property, types] of properties) {
      const set = rowsWith(types);
      const change = { event, property, share: sharesOf(set, rows) };
      if (hasAppeared({ ...set, ...of })) drift.newProperties.push(change);
      else if (hasVanished({ ...set, ...of })) drift.vanishedProperties.push(change);
      else if (hasOtherTypes(types, set)) {
        const shares = [...types].map(([type, count]) => [type, sharesOf(count, set)]);
        drift.changedTypes.push({ event, property, types: Object.fromEntries(shares) });
      }
    }
  }
  return drift;
}

function hasOtherTypes(types: ReadonlyMap<string, Rows>, set: Rows): boolean {
  if (set.now === 0 || set.before === 0) return false;
  const of = { nowOf: set.now, beforeOf: set.before };
  return [...types.values()].some(
    (rows) => hasAppeared({ ...rows, ...of }) || hasVanished({ ...rows, ...of }),
  );
}

/** To four places. */
export function sharesOf(part: Rows, all: Rows): Rows {
  const share = (one: number, of: number) => (of > 0 ? Number((one / of).toFixed(4)) : 0);
  return { now: share(part.now, all.now), before: share(part.before, all.before) };
}
