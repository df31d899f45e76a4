import type { Latency } from './live-message.ts';

const KEPT_SAMPLES = 200;
const KEPT_MS = 60_000;

/** Remembers the waits of the last minute. */
export interface LatencyTracker {
  /** Adds a wait, seen at `now`; a negative one, which skewed clocks make, counts as 0. */
  add(waitMs: number, now: number): void;
  /** Median and 95th percentile of what the last minute saw, or null if it saw nothing. */
  read(now: number): Latency | null;
}

/** Creates a tracker that holds at most 200 waits, none older than a minute. */
export function createLatencyTracker(): LatencyTracker {
  let samples: { wait: number; at: number }[] = [];
  return {
    add(waitMs, now) {
      samples.push({ wait: Math.max(0, Math.round(waitMs)), at: now });
      if (samples.length > KEPT_SAMPLES) samples = samples.slice(-KEPT_SAMPLES);
    },
    read(now) {
      samples = samples.filter((sample) => now - sample.at <= KEPT_MS);
      const waits = samples.map((sample) => sample.wait).sort((a, b) => a - b);
      if (waits.length === 0) return null;
      return { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95), samples: waits.length };
    },
  };
}

/** The nearest-rank quantile of sorted values. */
function quantile(sorted: number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? 0;
}
