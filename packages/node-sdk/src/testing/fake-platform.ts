import { createSeededRandom } from '@millrace/core/testing';
import type { Platform } from '../platform.ts';

/** A platform whose time stands still until `advance`. */
export interface FakePlatform extends Platform {
  /** Runs what is due within `ms`, in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
}

/** A platform of seeded randomness, at 2026-01-01. */
export function createFakePlatform(seed = 1): FakePlatform {
  const random = createSeededRandom(seed);
  const timers = new Set<{ at: number; run: () => void }>();
  let elapsed = 0;
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return {
    now: () => Date.UTC(2026, 0, 1) + elapsed,
    monotonic: () => elapsed,
    setTimeout(run, delayMs) {
      const timer = { at: elapsed + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    random: () => random.next(),
    fill: (bytes) => random.fill(bytes),
    byteLength: Buffer.byteLength,
    gzip: async (text) => new TextEncoder().encode(text),
    scope: () => undefined,
    warn: () => undefined,
    library: 'fake',
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.at - b.at);
        if (!next || next.at > end) break;
        timers.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.run();
        await settle();
      }
      elapsed = end;
    },
  };
}
