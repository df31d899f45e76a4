import { createCountsReader } from './counts-reader.ts';
import { createLatencyTracker } from './latency.ts';
import {
  CHART_SECONDS,
  type LiveEvent,
  type LiveFigures,
  type SecondCount,
  STREAM_EVENTS,
} from './live-message.ts';
import type { LiveWarehouse } from './live-warehouse.ts';

// An event whose own clock is further back was imported or waited offline: no click to measure.
const CLICK_MAX_AGE_MS = 60_000;

/** One reading: the figures, the last events, and those of them that no earlier reading had. */
export interface Reading {
  figures: LiveFigures;
  recent: LiveEvent[];
  fresh: LiveEvent[];
}

/** Reads the warehouse once; keeps between readings which events it has seen and how long they took. */
export type FiguresReader = () => Promise<Reading>;

/** Creates a reader. The waits begin with its second reading: what the first one finds is of unknown age. */
export function createFiguresReader(warehouse: LiveWarehouse, clock: () => number): FiguresReader {
  const readCounts = createCountsReader(warehouse, clock);
  const clickToVisible = createLatencyTracker();
  const receivedToVisible = createLatencyTracker();
  let seen: Set<string> | undefined;

  return async () => {
    const [perSecond, recent] = await Promise.all([
      warehouse.eventsPerSecond(CHART_SECONDS + 1),
      warehouse.recentEvents(STREAM_EVENTS),
    ]);
    const known = seen;
    const fresh = known ? recent.filter((event) => !known.has(event.id)) : recent;
    // After the events, so that the counts hold at least what the stream shows.
    const { totals, counts } = await readCounts(fresh.length > 0);
    const at = clock();
    for (const event of known ? fresh : []) {
      receivedToVisible.add(at - event.receivedAt, at);
      if (event.receivedAt - event.timestamp < CLICK_MAX_AGE_MS) clickToVisible.add(at - event.timestamp, at);
    }
    seen = new Set(recent.map((event) => event.id));
    const figures: LiveFigures = {
      at,
      perSecond: fillSeconds(perSecond, at),
      totals,
      counts,
      clickToVisible: clickToVisible.read(at),
      receivedToVisible: receivedToVisible.read(at),
    };
    return { figures, recent, fresh };
  };
}

/** One count for each of the last 60 seconds, the current one last; seconds without events are 0. */
export function fillSeconds(counts: SecondCount[], at: number): number[] {
  const bySecond = new Map(counts.map((count) => [count.second, count.events]));
  const current = Math.floor(at / 1000);
  return Array.from(
    { length: CHART_SECONDS },
    (_, index) => bySecond.get(current - CHART_SECONDS + 1 + index) ?? 0,
  );
}
