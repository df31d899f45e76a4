import { createDrainWaiters } from './drain-waiters.ts';
import { lockLoader } from './loader-lock.ts';
import type { Loader, LoaderOptions, LoaderStatus } from './loader-options.ts';
import { initialState } from './loader-state.ts';
import { runLoader } from './run-loader.ts';

/**
 * Moves events from the log into the warehouse, each exactly once, whatever is killed on the way.
 * It loads while `run` runs.
 */
export function createLoader(options: LoaderOptions): Loader {
  const clock = options.clock ?? Date.now;
  const drains = createDrainWaiters();
  let status: LoaderStatus = {
    state: 'stopped',
    since: clock(),
    checkpoint: null,
    oldestPendingAt: null,
    totals: initialState({ logId: '', offset: 0 }).totals,
  };
  let trouble = () => null as { since: number; reason: string } | null;

  function report(change: Partial<LoaderStatus>) {
    const isNew = change.state !== undefined && change.state !== status.state;
    status = { ...status, ...change, ...(isNew && { since: clock() }) };
  }

  return {
    async run(signal) {
      const lock = await lockLoader(options.stateDir);
      drains.open();
      report({ state: 'starting' });
      try {
        await runLoader({
          options,
          signal,
          lock,
          drains,
          report,
          watchTrouble: (watch) => {
            trouble = watch;
          },
        });
      } finally {
        trouble = () => null;
        report({ state: 'stopped', oldestPendingAt: null });
        drains.end();
        await options.reader.close();
        await lock.release();
      }
    },
    status() {
      const current = trouble();
      return current ? { ...status, state: 'blocked', ...current } : status;
    },
    drain: () => drains.add(),
  };
}
