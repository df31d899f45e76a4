import { setTimeout as delay } from 'node:timers/promises';

/** What looks again and again whether there is something to do. */
export interface FollowOptions {
  /** One look; it ends early once the signal is aborted. Resolves to how much it changed. */
  look(signal: AbortSignal): Promise<number>;
  /** How long to rest between two looks; where a look took long, four times as long as that, up to 20 s. */
  intervalMs: number;
  /** Told once of each problem: looking goes on. */
  problem: (words: string) => void;
}

/** Something that keeps up; it may be closed at any time. */
export interface Follower {
  /** Looks now, after a look that is on; rejects with ClickHouse's error. Resolves to how much it changed. */
  look(): Promise<number>;
  close(): Promise<void>;
}

const LONGEST_REST_MS = 20_000;
/** A warehouse that does not answer holds up no stop; whatever is cut off is done again. */
const CLOSE_MS = 2_000;

/** Looks at once, and then until it is closed, never twice at the same time. */
export function follow({ look, intervalMs, problem }: FollowOptions): Follower {
  const ending = new AbortController();
  let looking: Promise<unknown> = Promise.resolve();

  function turn(): Promise<number> {
    const next = looking.catch(() => {}).then(() => look(ending.signal));
    looking = next;
    return next;
  }

  async function run(): Promise<void> {
    let last = '';
    while (!ending.signal.aborted) {
      const began = performance.now();
      try {
        await turn();
        last = '';
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        if (words !== last && !ending.signal.aborted) problem(words);
        last = words;
      }
      const rest = Math.max(intervalMs, Math.min(4 * (performance.now() - began), LONGEST_REST_MS));
      await delay(rest, undefined, { signal: ending.signal, ref: false }).catch(() => {});
    }
  }

  const running = run();
  return {
    look: turn,
    async close() {
      ending.abort();
      await Promise.race([
        Promise.allSettled([running, looking]),
        delay(CLOSE_MS, undefined, { ref: false }),
      ]);
    },
  };
}
