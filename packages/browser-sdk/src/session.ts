import type { KeyValues } from './key-values.ts';

const IDLE_MS = 30 * 60 * 1000;
const LONGEST_MS = 24 * 60 * 60 * 1000;
// Finer than that, the time of the last event is not worth a write to storage.
const TOUCH_MS = 5000;

/** The visit that an event belongs to. */
export interface SessionKeeper {
  /** The session's id at `now`, in milliseconds since 1970; counts as activity. */
  at(now: number): string;
  /** The next event begins a session. */
  reset(): void;
}

/** Sessions that end after 30 minutes without an event, or after 24 hours; the tabs of an origin share them. */
export function createSession(values: KeyValues, newId: () => string): SessionKeeper {
  return {
    at(now) {
      const stored = values.get('session') as { id: string; startedAt: number; seenAt: number };
      // Both ways, because a clock may be set back.
      const within = (ms: number, since: number) => Math.abs(now - since) < ms;
      const goesOn = within(IDLE_MS, stored.seenAt) && within(LONGEST_MS, stored.startedAt);
      const { id, startedAt } = goesOn ? stored : { id: newId(), startedAt: now };
      if (!goesOn || !within(TOUCH_MS, stored.seenAt)) values.set('session', { id, startedAt, seenAt: now });
      return id;
    },
    reset: () => values.set('session', {}),
  };
}
