import type { EventCount, LiveTotals } from './live-message.ts';
import type { LiveWarehouse } from './live-warehouse.ts';

const COUNTED_EVENTS = 12;
// Counting merges the rollup of all time: it may take a fifth of the time, and keeps nobody waiting long.
const PAUSE_FACTOR = 4;
const MAX_PAUSE_MS = 2000;
// A reading may have waited for the machine rather than worked: the quickest of the last tells what it costs.
const KEPT_DURATIONS = 5;
// An insert shows in the table before it shows in its views.
const SETTLE_MS = 3000;
// What leaves the warehouse (retention, deletes) brings no event with it.
const REFRESH_MS = 10_000;

/** What the rollup says. */
interface Counts {
  totals: LiveTotals;
  counts: EventCount[];
}

/** Gives the counts; `changed` says that the table has new events. */
export type CountsReader = (changed: boolean) => Promise<Counts>;

/**
 * Creates a reader of totals and counts. Where a reading takes t it keeps the answer for 4 t, at most for 2 s, so that
 * a large rollup is read more rarely. Three seconds after the last change it has settled, and is kept for ten.
 */
export function createCountsReader(warehouse: LiveWarehouse, clock: () => number): CountsReader {
  let last: (Counts & { readAt: number }) | undefined;
  let durations: number[] = [];
  let changedAt = Number.NEGATIVE_INFINITY;

  return async (changed) => {
    const startedAt = clock();
    if (changed) changedAt = startedAt;
    if (last) {
      const age = startedAt - last.readAt;
      const settled = last.readAt - changedAt >= SETTLE_MS;
      if (age < pauseAfter(durations) || (settled && age < REFRESH_MS)) return last;
    }
    const [totals, counts] = await Promise.all([warehouse.totals(), warehouse.countsByEvent(COUNTED_EVENTS)]);
    const readAt = clock();
    durations = [readAt - startedAt, ...durations].slice(0, KEPT_DURATIONS);
    last = { totals, counts, readAt };
    return last;
  };
}

function pauseAfter(durations: number[]): number {
  return Math.min(MAX_PAUSE_MS, PAUSE_FACTOR * Math.min(...durations));
}
