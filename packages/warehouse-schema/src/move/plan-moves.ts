import type { WarehouseClient } from '../client.ts';
import { renderReplicated } from '../migrations/render-cluster.ts';
import { MoveError } from './move-error.ts';
import { type Contents, contentsOf, type MovedTable, movedTables } from './table-contents.ts';

/** A partition of the source. */
export interface Move {
  table: MovedTable;
  contents: Contents;
  /** An earlier run moved it. */
  isThere: boolean;
}

interface Mark extends Contents {
  table: string;
}

/** What was moved, as it was then: the target grows on afterwards, and expires. */
const MARKS = `CREATE TABLE IF NOT EXISTS warehouse_moves
(
    table_name   String,
    partition_id String,
    rows         UInt64,
    hash         String,
    moved_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}MergeTree
ORDER BY (table_name, partition_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/**
 * What is to be moved, before anything is.
 * @throws MoveError when the target holds rows that were not moved there, or the source more than when it was moved.
 */
export async function planMoves(from: WarehouseClient, to: WarehouseClient): Promise<Move[]> {
  for (const statement of await renderReplicated(to, [MARKS])) await to.command(statement);
  const marks = await to.query<Mark>(
    'SELECT table_name AS table, partition_id AS partition, rows, hash FROM warehouse_moves',
  );
  const moves: Move[] = [];
  let foreign: MoveError | undefined;
  for (const table of await movedTables(from)) {
    const there = await contentsOf(to, table);
    const moved = marks.filter((mark) => mark.table === table.name);
    for (const contents of await contentsOf(from, table)) {
      const same = (one: Contents) => one.partition === contents.partition;
      const isThere = judge(table, contents, moved.find(same), there.find(same));
      if (isThere && !moved.some(same)) await mark(to, table, contents);
      moves.push({ table, contents, isThere });
    }
    const known = [...moved, ...moves.filter((move) => move.table === table).map(({ contents }) => contents)];
    const unknown = there.find((one) => !known.some(({ partition }) => partition === one.partition));
    if (unknown) foreign ??= notEmpty(table, unknown);
  }
  // Once all has been moved the target goes on, into partitions that the source has never had.
  if (foreign && moves.some(({ isThere }) => !isThere)) throw foreign;
  return moves;
}

/** Notes that a partition is at the target. */
export async function mark(
  to: WarehouseClient,
  { name }: MovedTable,
  { partition, rows, hash }: Contents,
): Promise<void> {
  await to.command(
    'INSERT INTO warehouse_moves (table_name, partition_id, rows, hash) VALUES ({name:String}, {partition:String}, {rows:UInt64}, {hash:String})',
    { params: { name, partition, rows, hash } },
  );
}

function judge(
  table: MovedTable,
  source: Contents,
  moved: Contents | undefined,
  target: Contents | undefined,
): boolean {
  if (moved) {
    // Fewer rows than then: some have expired meanwhile.
    if (moved.hash === source.hash || source.rows < moved.rows) return true;
    throw new MoveError(
      'changed',
      `${table.name}, partition ${source.partition}, has changed since it was moved: ${moved.rows} rows then, ${source.rows} now. Drop the database at the target and move again.`,
    );
  }
  if (!target) return false;
  if (target.hash === source.hash && target.rows === source.rows) return true;
  throw notEmpty(table, target);
}

function notEmpty(table: MovedTable, { partition, rows }: Contents): MoveError {
  return new MoveError(
    'not_empty',
    `the target already has ${rows} other rows in ${table.name}, partition ${partition}: move to a database without events`,
  );
}
