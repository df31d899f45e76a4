import type { KeyValues } from './key-values.ts';

const IDLE_MS = 30 * 60 * 1000;
const LONGEST_MS = 24 * 60 * 60 * 1000;
// Finer than that, the time of the last event is not worth a write to storage.
const TOUCH_MS = 5000;

/** The visit that an event belongs to. */
export interface SessionKeeper {
  /** The id of the session that goes on, or begins; counts as activity. */
  touchSession(): string;
  /** The next event begins a session. */
  endSession(): void;
}

/** Sessions that end after 30 minutes without an event, or after 24 hours; the tabs of an origin share them. */
export function createSession(values: KeyValues, newId: () => string): SessionKeeper {
  return {
    touchSession() {
      const now = Date.now();
      const stored = values.readValue('session') as { id: string; from: number; to: number };
      // Both ways, because a clock may be set back.
      const within = (ms: number, since: number) => Math.abs(now - since) < ms;
      const goesOn = within(IDLE_MS, stored.to) && within(LONGEST_MS, stored.from);
      const { id, from } = goesOn ? stored : { id: newId(), from: now };
      if (!goesOn || !within(TOUCH_MS, stored.to)) values.saveValue('session', { id, from, to: now });
      return id;
    },
    endSession: () => values.saveValue('session', {}),
  };
}
