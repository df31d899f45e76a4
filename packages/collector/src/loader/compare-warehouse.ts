import {
  compareRollups,
  daysBetween,
  rebuildRollups,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import type { LogReader } from '../log/event-log.ts';
import { createClickHouseWarehouse } from './click-house-warehouse.ts';
import { addComparison, compareLog, type LogComparison } from './compare-log.ts';
import type { LoaderState } from './loader-state.ts';
import type { Retrier } from './retrier.ts';

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

/** A log, and how far it is loaded. */
export interface ComparedLog {
  state: LoaderState;
  reader: LogReader;
}

export interface CompareWarehouseOptions {
  client: WarehouseClient;
  retrier: Retrier;
  /** Unix milliseconds, half-open: of arrival for the logs, of the events' own time for the rest. */
  from: number;
  to: number;
  repair: boolean;
  /** One log after another; each is closed when it is compared. None at all says nothing of the two tables. */
  logs: AsyncIterable<ComparedLog>;
}

/** The end of time, for who gives none. */
export const END_OF_TIME = Date.UTC(2100, 0);

/**
 * Compares the two tables that are filled from the logs with them, and what is filled from `events` with `events`;
 * with `repair`, mends them. No loader may run meanwhile.
 */
export async function compareWarehouse(options: CompareWarehouseOptions): Promise<ReconcileReport> {
  const { client, retrier, from, to, repair, logs } = options;
  const compareDerived = async () => {
    const days = await retrier.persist(() => daysBetween(client, { from, to }));
    const differences = await retrier.persist(() => compareRollups(client, days));
    if (repair && differences.length > 0) await retrier.persist(() => rebuildRollups(client, differences));
    return differences;
  };
  const differences = await compareDerived();
  const warehouse = createClickHouseWarehouse(client);
  let log: LogComparison | null = null;
  for await (const { state, reader } of logs) {
    try {
      const compared = await compareLog(state, { reader, warehouse, retrier, from, to, repair });
      log = log ? addComparison(log, compared) : compared;
    } finally {
      await reader.close();
    }
  }
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
}
