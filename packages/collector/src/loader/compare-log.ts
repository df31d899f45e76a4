import { randomUUID } from 'node:crypto';
import type { LogReader, StoredRecord } from '../log/event-log.ts';
import { insertBlock, type RefusedRow } from './insert-block.ts';
import type { LoaderState } from './loader-state.ts';
import type { LoadedTable, LoaderWarehouse, LogRange, LogSpan, PositionCount } from './loader-warehouse.ts';
import { comparePositions, logFamily, queryIdPrefix } from './log-order.ts';
import { prepareChunk } from './prepare-chunk.ts';
import { type RawChunk, readChunk } from './raw-chunk.ts';
import { replacements } from './refused-rows.ts';
import { createSeenRejections } from './repeated-rejections.ts';
import type { Retrier } from './retrier.ts';
import type { RowBlock } from './row-block.ts';
import { rangesOf } from './row-ranges.ts';
import { createArbiter } from './same-id-elsewhere.ts';
import { createSeenIds } from './seen-ids.ts';
import { createSuppression, type Suppression } from './suppression.ts';
import { unreadableSpan } from './unreadable-span.ts';

/** How a table stands to the log, in rows. */
interface TableComparison {
  /** What the log says should be there. */
  expected: number;
  /** Rows of the log that the table lacks. */
  missing: number;
  /** Rows that the table has more than once, or that a record of the log says should not be there. */
  surplus: number;
  /** Rows that stand where the log cannot be read any more. They stay. */
  notComparable: number;
}

export interface LogComparison {
  records: number;
  events: TableComparison;
  rejected: TableComparison;
}

export interface CompareLogOptions {
  reader: LogReader;
  warehouse: LoaderWarehouse;
  retrier: Retrier;
  /** Of the records that arrived `[from, to)`, Unix milliseconds. */
  from: number;
  to: number;
  repair: boolean;
}

const LIMITS = { rows: 20_000, bytes: 16 * 1024 * 1024, ageMs: 0 };

/**
 * Compares `events` and `rejected_events` with every record that can be read of the log up to the checkpoint;
 * with `repair`, removes what is there too often and inserts what is missing. No row is removed that no such
 * record speaks of. No loader may run meanwhile.
 */
export async function compareLog(state: LoaderState, options: CompareLogOptions): Promise<LogComparison> {
  const { reader, warehouse, retrier } = options;
  const suppression = createSuppression(warehouse);
  await retrier.persist(() => suppression.reload());
  const result: LogComparison = { records: 0, events: noRows(), rejected: noRows() };
  const end = state.plan?.start ?? state.checkpoint;
  let position = await reader.first();
  if (logFamily(position.logId) !== logFamily(end.logId)) return result;
  let readTo = position;
  while (comparePositions(readTo, end) < 0) {
    const raw = await readChunk(reader, position, LIMITS, { clock: Date.now, sleep: async () => {} });
    const unreadable = unreadableSpan(readTo, raw, end);
    if (unreadable) await countNotComparable(unreadable, options, result);
    if (raw.records.length === 0) break;
    position = raw.next;
    readTo = { logId: raw.start.logId, offset: raw.end };
    const wanted = narrow(upTo(raw, end), options);
    if (wanted) await compareChunk(wanted, suppression, options, result);
  }
  return result;
}

/** Two comparisons as one. */
export function addComparison(a: LogComparison, b: LogComparison): LogComparison {
  const sum = (one: TableComparison, other: TableComparison): TableComparison => ({
    expected: one.expected + other.expected,
    missing: one.missing + other.missing,
    surplus: one.surplus + other.surplus,
    notComparable: one.notComparable + other.notComparable,
  });
  return {
    records: a.records + b.records,
    events: sum(a.events, b.events),
    rejected: sum(a.rejected, b.rejected),
  };
}

async function countNotComparable(
  span: LogSpan,
  { warehouse, retrier, from, to }: CompareLogOptions,
  result: LogComparison,
): Promise<void> {
  const count = (table: LoadedTable) => retrier.persist(() => warehouse.countRows(table, span, { from, to }));
  result.events.notComparable += await count('events');
  result.rejected.notComparable += await count('rejected_events');
}

async function compareChunk(
  raw: RawChunk,
  suppression: Suppression,
  options: CompareLogOptions,
  result: LogComparison,
): Promise<void> {
  const { warehouse, retrier } = options;
  const range = { start: raw.start, end: raw.end };
  // Nothing is remembered: what was loaded before the chunk is asked for.
  const seenIds = createSeenIds({ capacity: LIMITS.rows, forgottenUntil: Number.POSITIVE_INFINITY });
  const inEvents = await retrier.persist(() => warehouse.positions('events', range));
  const isEarlier = createArbiter(raw, inEvents);
  const chunk = await prepareChunk(raw, 0, {
    seenIds,
    seenRejections: createSeenRejections(),
    findIds: async (ids, receivedAfter) => {
      const found = await retrier.persist(() => warehouse.findIds(ids, raw.start, receivedAfter));
      return found.filter(isEarlier);
    },
    findRejections: (rejections, before) =>
      retrier.persist(() => warehouse.findRejections(rejections, before)),
  });
  chunk.suppress('events', chunk.events, suppression.list());
  chunk.suppress('rejected_events', chunk.rejected, suppression.list());
  const inRejected = await retrier.persist(() => warehouse.positions('rejected_events', range));
  result.records += raw.records.length;

  // An event that ClickHouse did not take stands among the rejected.
  const eventRows = positionsOf(chunk.events);
  const notTaken = new Set(inRejected.map(keyOf).filter((key) => eventRows.has(key)));
  const tables: [LoadedTable, RowBlock, PositionCount[], Set<string>, TableComparison][] = [
    ['events', chunk.events, inEvents, notTaken, result.events],
    [
      'rejected_events',
      chunk.rejected,
      inRejected.filter((row) => !notTaken.has(keyOf(row))),
      new Set(),
      result.rejected,
    ],
  ];
  for (const [table, block, found, elsewhere, sums] of tables) {
    const difference = differenceOf(block, found, elsewhere);
    sums.expected += block.length - block.gaps - elsewhere.size;
    sums.missing += difference.missing.length;
    sums.surplus += difference.surplus;
    if (!options.repair) continue;
    const refused = await mend(table, block, range, difference, options);
    if (table === 'rejected_events' || refused.length === 0) continue;
    const instead = replacements(chunk, block, refused);
    const missing = refused.map((_, row) => row);
    await mend(
      'rejected_events',
      instead,
      range,
      { missing, repeated: [], strange: [], surplus: 0 },
      options,
    );
  }
}

interface TableDifference {
  /** Rows of the block. */
  missing: number[];
  /** Rows of the block that stand there more than once. */
  repeated: number[];
  /** Positions that should not be there. */
  strange: PositionCount[];
  surplus: number;
}

function differenceOf(block: RowBlock, found: PositionCount[], elsewhere: Set<string>): TableDifference {
  const counts = new Map(found.map((row) => [keyOf(row), row]));
  const expected = positionsOf(block);
  const result: TableDifference = { missing: [], repeated: [], strange: [], surplus: 0 };
  for (const [key, row] of expected) {
    const count = counts.get(key)?.count ?? 0;
    if (count === 0 && !elsewhere.has(key)) result.missing.push(row);
    if (count > 1) {
      result.repeated.push(row);
      result.surplus += count - 1;
    }
  }
  for (const [key, row] of counts) {
    if (expected.has(key)) continue;
    result.strange.push(row);
    result.surplus += row.count;
  }
  return result;
}

/** What stands there too often goes altogether, and comes back once. */
async function mend(
  table: LoadedTable,
  block: RowBlock,
  range: LogRange,
  { missing, repeated, strange }: TableDifference,
  { warehouse, retrier }: CompareLogOptions,
): Promise<RefusedRow[]> {
  const gone = [
    ...repeated.map((row) => ({ offset: block.offsetOf(row), index: block.indexOf(row) })),
    ...strange,
  ];
  if (gone.length > 0) await retrier.persist(() => warehouse.remove(table, range.start.logId, gone));
  const rows = [...missing, ...repeated].sort((a, b) => a - b);
  if (rows.length === 0) return [];
  const newToken = () => `reconcile:${randomUUID()}`;
  const { refused } = await insertBlock(
    {
      table,
      block,
      range,
      pieces: [{ token: newToken(), ranges: rangesOf(rows) }],
      doubtful: false,
      refused: [],
    },
    {
      warehouse,
      inserts: retrier,
      questions: retrier,
      queryIdPrefix: queryIdPrefix(range.start),
      // Nobody is deleted while logs are compared: both hold the loaders' place.
      suppressed: { version: () => 0, renew: async () => {} },
      newToken,
      save: async () => {},
    },
  );
  return refused;
}

function positionsOf(block: RowBlock): Map<string, number> {
  const rows = Array.from({ length: block.length }, (_, row) => row).filter((row) => !block.isGap(row));
  return new Map(rows.map((row) => [keyOf({ offset: block.offsetOf(row), index: block.indexOf(row) }), row]));
}

function keyOf({ offset, index }: { offset: number; index: number }): string {
  return `${offset}:${index}`;
}

function upTo(chunk: RawChunk, end: { logId: string; offset: number }): RawChunk {
  if (chunk.start.logId !== end.logId || chunk.end <= end.offset) return chunk;
  const records = chunk.records.filter((record) => record.offset < end.offset);
  return { ...chunk, records, end: end.offset };
}

/** From the first to the last record that arrived in time; null if none did. */
function narrow(chunk: RawChunk, { from, to }: { from: number; to: number }): RawChunk | null {
  const isWanted = ({ meta }: StoredRecord) => meta.receivedAt >= from && meta.receivedAt < to;
  const begin = chunk.records.findIndex(isWanted);
  const wanted = chunk.records.filter(isWanted);
  const last = wanted.at(-1);
  if (!last) return null;
  const records = chunk.records.slice(begin, chunk.records.indexOf(last) + 1);
  const offset = records[0]?.offset ?? chunk.start.offset;
  return { ...chunk, records, start: { logId: chunk.start.logId, offset }, end: last.end };
}

function noRows(): TableComparison {
  return { expected: 0, missing: 0, surplus: 0, notComparable: 0 };
}
