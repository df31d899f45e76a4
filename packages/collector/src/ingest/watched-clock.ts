/** The server's clock, and since when it has run on undisturbed. */
export interface WatchedClock {
  /** Unix milliseconds. */
  now(): number;
  /**
   * When it was last set, in Unix milliseconds by what it says since; else when this process began to watch it, for
   * nothing is known of the time before.
   */
  setAt(): number;
}

/** Well below the step that the loader bears without being told. */
const STEP_MS = 1000;

/** Watches the machine's clock against one that nobody can set. Notices a step at the next call of `now`. */
export function createWatchedClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): WatchedClock {
  let setAt = wall();
  let ahead = setAt - monotonic();

  return {
    now() {
      const now = wall();
      const aheadNow = now - monotonic();
      // Small steps add up, since what they are measured against stays.
      if (Math.abs(aheadNow - ahead) > STEP_MS) {
        ahead = aheadNow;
        setAt = now;
      }
      return now;
    },
    setAt: () => setAt,
  };
}
