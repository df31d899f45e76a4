import type { EventCount, LiveTotals } from './live-message.ts';
import type { LiveWarehouse } from './live-warehouse.ts';

const COUNTED_EVENTS = 12;
// Counting merges the rollup of all time: it may take this share of the time, and no more.
const PAUSE_FACTOR = 4;
// What leaves the warehouse (retention, deletes) brings no event with it.
const REFRESH_MS = 30_000;

/** What the rollup says. */
interface Counts {
  totals: LiveTotals;
  counts: EventCount[];
}

/** Gives the counts; reads them only when `changed` has been said since the last time, and not too often. */
export type CountsReader = (changed: boolean) => Promise<Counts>;

/**
 * Creates a reader of totals and counts. After a reading that took t it keeps the answer for 4 t at least, so that a
 * large rollup is read more rarely; without changes it keeps it for half a minute.
 */
export function createCountsReader(warehouse: LiveWarehouse, clock: () => number): CountsReader {
  let last: (Counts & { readAt: number; pauseMs: number }) | undefined;
  let stale = true;

  return async (changed) => {
    stale = stale || changed;
    const startedAt = clock();
    if (last) {
      const age = startedAt - last.readAt;
      if (age < last.pauseMs || (!stale && age < REFRESH_MS)) return last;
    }
    const [totals, counts] = await Promise.all([warehouse.totals(), warehouse.countsByEvent(COUNTED_EVENTS)]);
    const readAt = clock();
    stale = false;
    last = { totals, counts, readAt, pauseMs: PAUSE_FACTOR * (readAt - startedAt) };
    return last;
  };
}
