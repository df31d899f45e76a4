import type { WarehouseClient } from '@millrace/warehouse-schema';
import type { LogReader } from '../log/event-log.ts';
import type { Logger } from '../logger.ts';
import {
  type ComparedLog,
  compareWarehouse,
  END_OF_TIME,
  type ReconcileReport,
} from './compare-warehouse.ts';
import { pauseLoader } from './loader-lock.ts';
import { createRetrier } from './retrier.ts';
import { openStateFile } from './state-file.ts';

export interface ReconcileOptions {
  /** The log; it is closed at the end. */
  reader: LogReader;
  /** An administrator of the warehouse. */
  client: WarehouseClient;
  /** The loader's folder. A running loader stands still meanwhile. */
  stateDir: string;
  /** Unix milliseconds, half-open: of arrival for the log, of the events' own time for the rest. @default all */
  from?: number;
  to?: number;
  /** Mends what differs. @default false */
  repair?: boolean;
  logger: Logger;
  /** Ends the wait for a warehouse that does not answer. */
  signal?: AbortSignal;
  /** How long to wait for a running loader to stand still. @default 60000 */
  pauseTimeoutMs?: number;
}

/**
 * Compares what is in the warehouse with the log, as far back as that is kept, and everything that is filled
 * from `events` with `events`; with `repair`, mends it. Safe to repeat after it was cut off. What the log says
 * depends on `message_ids`: while that is damaged, and not repaired, repetitions count as missing.
 * @throws FolderLockedError if another process does the same, or the loader does not stand still in time.
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { reader, client, stateDir, logger, from = 0, to = END_OF_TIME, repair = false } = options;
  const resume = await pauseLoader(stateDir, options.pauseTimeoutMs ?? 60_000);
  async function* logs(): AsyncGenerator<ComparedLog> {
    const state = await (await openStateFile(stateDir)).load();
    if (state) yield { state, reader };
  }
  try {
    const retrier = createRetrier({
      subject: 'The warehouse',
      signal: options.signal ?? new AbortController().signal,
      clock: Date.now,
      logger,
      baseMs: 100,
      capMs: 5000,
    });
    return await compareWarehouse({ client, retrier, from, to, repair, logs: logs() });
  } finally {
    await reader.close();
    await resume();
  }
}
