import type { Clock } from '../ports.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Moves on by `ms` and runs, in order, every timer that falls due; promises settle between them. */
  advance(ms: number): Promise<void>;
  /** The delays of the timers that are set, in milliseconds from now, the nearest first. */
  timers(): number[];
}

/** A fake clock that begins at `start`, in milliseconds since 1970. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  const inOrder = () => [...timers].sort((a, b) => a.at - b.at);

  return {
    now: () => now,
    setTimeout(run, delayMs) {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let [next] = inOrder(); next !== undefined && next.at <= until; [next] = inOrder()) {
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
        await settle();
      }
      now = until;
    },
    timers: () => inOrder().map((timer) => timer.at - now),
  };
}

/** Lets promise chains run out: longer than any chain in the code under test. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await undefined;
}
