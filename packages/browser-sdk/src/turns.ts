import type { KeyValues } from './key-values.ts';

const LEASE_MS = 30_000;

/** Turns that the tabs of an origin take at sending. */
export interface Turns {
  /**
   * Runs `send` when it is this tab's turn; false where the turn was released first, or another tab has it and it
   * may be at work. The turn ends with `send`, or is released.
   */
  takeTurn(send: () => Promise<boolean>): Promise<boolean>;
  /** Gives back the turn, and the wait for one: a page that is hidden may be frozen, and then holds up all others. */
  releaseTurn(): void;
}

/** Turns by the lock `name` of Web Locks, or by a lease in `values` where a page may not use locks. */
export function createTurns(name: string, values: KeyValues): Turns {
  let release: (() => void) | undefined;
  return {
    async takeTurn(send) {
      const gate = new AbortController();
      const released = new Promise<false>((resolve) => {
        release = () => {
          // First, so that the race below ends with it.
          resolve(false);
          gate.abort();
        };
      });
      const run = () => Promise.race([send(), released]);
      try {
        // A page in the back/forward cache may never hear of its request again.
        return await Promise.race([navigator.locks.request(name, { signal: gate.signal }, run), released]);
      } catch {
        // There are no locks on plain http, nor in a sandbox.
      }
      const { since } = values.readValue('lease') as { since: number };
      if (Math.abs(Date.now() - since) < LEASE_MS) return false;
      values.saveValue('lease', { since: Date.now() });
      const goOn = await run();
      values.saveValue('lease', {});
      return goOn;
    },
    releaseTurn: () => release?.(),
  };
}
