import { createWarehouseClient, type WarehouseClient, type WarehouseConnection } from '../client.ts';
import { createKafkaEngineTables } from '../kafka-engine/kafka-engine.ts';
import { migrate } from '../migrations/migrate.ts';
import { MoveError } from './move-error.ts';
import { movePartition } from './move-partition.ts';
import { type Move, planMoves } from './plan-moves.ts';
import { movedTables } from './table-contents.ts';

export interface MoveWarehouseOptions {
  from: WarehouseConnection;
  /** The database may be missing, or hold what an earlier run moved, and nothing else. */
  to: WarehouseConnection;
  /** Hears of each partition before it is copied. */
  onPartition?: (move: Move, done: number, all: number) => void;
}

/** Of one table: the rows that are at the target now, and how many of them this run copied. */
export interface MoveReport {
  table: string;
  rows: number;
  copied: number;
}

/** Counting a big partition takes longer than other requests. */
const REQUEST_TIMEOUT_MS = 3_600_000;

/**
 * Copies every table of a warehouse to another ClickHouse, partition by partition: each is streamed into a table beside
 * its own, compared (rows and a hash over every value), and put in place at once. The source stays as it is. Views fill
 * nothing meanwhile, so rollups arrive as they were, also of days whose events have expired. Nothing may be written to
 * either side. May be run again after it was cut off, and goes on; what is there already is not copied again. Positions
 * in the log and message ids come along, so that a loader goes on where it was.
 * @throws MoveError when the target holds anything else, the source has changed since an earlier run, or a comparison fails.
 */
export async function moveWarehouse(options: MoveWarehouseOptions): Promise<MoveReport[]> {
  const open = (connection: WarehouseConnection) =>
    createWarehouseClient({ ...connection, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const [from, to] = [open(options.from), open(options.to)];
  try {
    await migrate({ client: from });
    await migrate({ client: to });
    await matchTables(from, to);
    const moves = await planMoves(from, to);
    const pending = moves.filter(({ isThere }) => !isThere);
    for (const [done, move] of pending.entries()) {
      options.onPartition?.(move, done, pending.length);
      await movePartition(options, { from, to }, move);
    }
    return summarize(moves);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}

async function matchTables(from: WarehouseClient, to: WarehouseClient): Promise<void> {
  const wanted = await movedTables(from);
  if (wanted.some(({ name }) => name === 'kafka_events')) await createKafkaEngineTables(to);
  const there = new Map((await movedTables(to)).map((table) => [table.name, table]));
  for (const table of wanted) {
    const other = there.get(table.name);
    if (other?.engine === 'Distributed' || table.engine === 'Distributed') {
      throw new MoveError(
        'sharded',
        `${table.name} is spread over shards: this moves to and from one shard only`,
      );
    }
    if (!other)
      throw new MoveError('table_missing', `${table.name} is not at the target: make it there first`);
    if (JSON.stringify(other.columns) !== JSON.stringify(table.columns)) {
      throw new MoveError('differs', `${table.name} has other columns at the target`);
    }
  }
}

function summarize(moves: readonly Move[]): MoveReport[] {
  const reports = new Map<string, MoveReport>();
  for (const { table, contents, isThere } of moves) {
    const report = reports.get(table.name) ?? { table: table.name, rows: 0, copied: 0 };
    report.rows += contents.rows;
    if (!isThere) report.copied += contents.rows;
    reports.set(table.name, report);
  }
  return [...reports.values()];
}
