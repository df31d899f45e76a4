import {
  compareRollups,
  daysBetween,
  rebuildRollups,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import type { LogReader } from '../log/event-log.ts';
import type { Logger } from '../logger.ts';
import { createClickHouseWarehouse } from './click-house-warehouse.ts';
import { compareLog } from './compare-log.ts';
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

/** One comparison: a table with what it is made of. */
export interface ReconcileRow {
  /** The table. */
  table: string;
  /** What it was compared with. */
  against: 'log' | 'events';
  /** Of a table that is filled from `events`: where it differs. */
  projectId?: number;
  day?: string;
  /** Of a table that is compared with the log: how many rows it should have. */
  expected?: number;
  missing: number;
  surplus: number;
  /**
   * Of a table that is compared with the log: rows that stand where that cannot be read any more, being damaged
   * or gone. They are neither surplus nor right for sure, and stay.
   */
  notComparable?: number;
  repaired: boolean;
}

export interface ReconcileReport {
  /** The records of the log that were compared; it keeps loaded ones for a day or so. */
  records: number;
  /** The two tables that are filled from the log, and every difference of those filled from `events`. */
  rows: ReconcileRow[];
  /** True if nothing differed of what could be compared. */
  isExact: boolean;
}

const END_OF_TIME = Date.UTC(2100, 0);

/**
 * Compares what is in the warehouse with the log, as far back as that is kept, and everything that is filled
 * from `events` with `events`; with `repair`, mends it. Safe to repeat after it was cut off. What the log says
 * depends on `message_ids`: while that is damaged, and not repaired, repetitions count as missing.
 * @throws FolderLockedError if another process does the same, or the loader does not stand still in time.
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileReport> {
  const { reader, client, stateDir, logger, from = 0, to = END_OF_TIME, repair = false } = options;
  const resume = await pauseLoader(stateDir, options.pauseTimeoutMs ?? 60_000);
  try {
    const retrier = createRetrier({
      subject: 'The warehouse',
      signal: options.signal ?? new AbortController().signal,
      clock: Date.now,
      logger,
      baseMs: 100,
      capMs: 5000,
    });
    const compareDerived = async () => {
      const days = await retrier.persist(() => daysBetween(client, { from, to }));
      const differences = await retrier.persist(() => compareRollups(client, days));
      if (repair && differences.length > 0) await retrier.persist(() => rebuildRollups(client, differences));
      return differences;
    };
    const differences = await compareDerived();
    const warehouse = createClickHouseWarehouse(client);
    const state = await (await openStateFile(stateDir)).load();
    const log = state && (await compareLog(state, { reader, warehouse, retrier, from, to, repair }));
    if (repair && log && log.events.missing + log.events.surplus > 0) await compareDerived();

    const rows: ReconcileRow[] = [
      ...(log
        ? [
            { table: 'events', against: 'log' as const, ...log.events },
            { table: 'rejected_events', against: 'log' as const, ...log.rejected },
          ]
        : []),
      ...differences.map(({ rollup, project_id, day, missing, surplus }) => {
        return { table: rollup, against: 'events' as const, projectId: project_id, day, missing, surplus };
      }),
    ].map((row) => ({ ...row, repaired: repair }));
    const isExact = differences.length === 0 && rows.every((row) => row.missing + row.surplus === 0);
    return { records: log?.records ?? 0, rows, isExact };
  } finally {
    await reader.close();
    await resume();
  }
}
