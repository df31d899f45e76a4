import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, whileLoaderStandsStill } from '@millrace/collector';
import { FolderLockedError, lockFolder } from '@millrace/definitions';
import {
  backfillPending,
  createWarehouseClient,
  unfilledRollups,
  type WarehouseConnection,
} from '@millrace/warehouse-schema';

export interface FillRollupsOptions {
  warehouse: WarehouseConnection;
  /** The loader's folder. */
  stateFolder: string;
  logger: Pick<Logger, 'info' | 'error'>;
}

/** A statement may take long: a day of events is compared by one. */
export const BACKFILL_TIMEOUT_MS = 6 * 60 * 60_000;
/** A stop waits for no fill: what is cut off is gone on with. */
const CLOSE_MS = 2_000;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

/** One process at a time fills rollups. Throws `FolderLockedError` while another does. */
export const lockBackfill = (stateFolder: string) => lockFolder(join(stateFolder, 'backfill'));

/**
 * Fills, beside the loader of the spool, what a migration made later than its events; at half of one thread. Goes on after
 * a failure, and after the process was killed.
 */
export function fillRollups({ warehouse, stateFolder, logger }: FillRollupsOptions): {
  close(): Promise<void>;
} {
  const ending = new AbortController();
  const { signal } = ending;
  const client = createWarehouseClient({
    ...warehouse,
    requestTimeoutMs: BACKFILL_TIMEOUT_MS,
    maxConnections: 4,
  });

  async function fill(): Promise<void> {
    if ((await unfilledRollups(client)).length === 0) return;
    const lock = await lockBackfill(stateFolder);
    try {
      const reports = await backfillPending({
        client,
        standStill: (operation) => whileLoaderStandsStill({ stateDir: stateFolder }, operation),
        signal,
      });
      for (const report of reports) logger.info('a rollup is filled with what came before it', { ...report });
    } finally {
      await lock.release();
    }
  }

  async function run(): Promise<void> {
    for (let restMs = FIRST_REST_MS; !signal.aborted; restMs = Math.min(2 * restMs, LONGEST_REST_MS)) {
      try {
        return await fill();
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        if (!(error instanceof FolderLockedError)) logger.error('rollups cannot be filled yet', { reason });
      }
      await delay(restMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  const running = run();
  return {
    async close() {
      ending.abort();
      await Promise.race([running, delay(CLOSE_MS, undefined, { ref: false })]);
      await client.close();
    },
  };
}
