import { createDrainWaiters } from './drain-waiters.ts';
import { lockLoader } from './loader-lock.ts';
import type { Loader, LoaderOptions } from './loader-options.ts';
import { openState } from './open-state.ts';
import { runLoader } from './run-loader.ts';
import { openStateFile } from './state-file.ts';
import { createStatusKeeper } from './status-keeper.ts';

/**
 * Moves events from the log into the warehouse, each exactly once, whatever is killed on the way.
 * It loads while `run` runs.
 */
export function createLoader(options: LoaderOptions): Loader {
  const clock = options.clock ?? Date.now;
  const drains = createDrainWaiters();
  const { report, watchTrouble, status } = createStatusKeeper(clock);

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
          async open(questions) {
            const { reader, warehouse, stateDir, logger } = options;
            const file = await openStateFile(stateDir, (keptAs) =>
              logger.warn('The state of the loader is damaged; the log is compared with the warehouse', {
                keptAs,
              }),
            );
            const state = await openState(file, reader, warehouse, questions, clock);
            return { file, state, isSaved: false };
          },
          drains,
          report,
          watchTrouble,
        });
      } finally {
        watchTrouble(() => null);
        report({ state: 'stopped', oldestPendingAt: null });
        drains.end();
        await options.reader.close();
        await lock.release();
      }
    },
    status,
    drain: () => drains.add(),
  };
}
