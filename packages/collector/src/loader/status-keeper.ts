import type { LoaderStatus } from './loader-options.ts';
import { initialState } from './loader-state.ts';
import type { Trouble } from './retrier.ts';

/** What one loader says of itself. */
export interface StatusKeeper {
  report(change: Partial<LoaderStatus>): void;
  /** From now on asked whether the warehouse answers. */
  watchTrouble(trouble: () => Trouble | null): void;
  status(): LoaderStatus;
}

export function createStatusKeeper(clock: () => number): StatusKeeper {
  let status: LoaderStatus = {
    state: 'stopped',
    since: clock(),
    checkpoint: null,
    oldestPendingAt: null,
    totals: initialState({ logId: '', offset: 0 }).totals,
  };
  let trouble: () => Trouble | null = () => null;
  return {
    report(change) {
      const isNew = change.state !== undefined && change.state !== status.state;
      status = { ...status, ...change, ...(isNew && { since: clock() }) };
    },
    watchTrouble(watch) {
      trouble = watch;
    },
    status() {
      const current = trouble();
      return current ? { ...status, state: 'blocked', ...current } : status;
    },
  };
}
