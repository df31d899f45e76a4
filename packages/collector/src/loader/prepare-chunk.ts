import type { SuppressionList } from '@millrace/warehouse-schema';
import type { StoredRecord } from '../log/event-log.ts';
import { isBlanked } from '../log/is-blanked.ts';
import { type DedupeVerdict, dedupe, type FindIds } from './dedupe.ts';
import type { LoadedTable, RecordDuplicates } from './loader-warehouse.ts';
import type { RawChunk } from './raw-chunk.ts';
import { type Origin, originOf, rejectedRow } from './rejected-row.ts';
import {
  conflictId,
  type FindRejections,
  findRepeatedRejections,
  type SeenRejections,
} from './repeated-rejections.ts';
import { createRowBlockBuilder, type RowBlock, type RowBlockBuilder } from './row-block.ts';
import type { SeenIds } from './seen-ids.ts';
import { suppressBlock } from './suppress-block.ts';

/** A chunk as it goes into the warehouse. */
export interface PreparedChunk extends Omit<RawChunk, 'records'> {
  events: RowBlock;
  /** The rejected rows of the log, and the events that were refused for their id. */
  rejected: RowBlock;
  duplicates: number;
  /** The same, by record; records without any are left out. */
  recordDuplicates: RecordDuplicates[];
  conflicts: number;
  oldestReceivedAt: number;
  /** The greatest `receivedAt` up to the chunk's end. */
  newestReceivedAt: number;
  /** Whose event stands at a position of the chunk. */
  originOf(offset: number, index: number): Origin;
  /**
   * Takes out of a block of the chunk what is of people who were deleted. The chunk's verdicts stay: a suppressed event
   * still counts as seen.
   */
  suppress(table: LoadedTable, block: RowBlock, list: SuppressionList): void;
  /** Forgets the ids that this chunk added. */
  undo(): void;
}

/** What was loaded before a chunk: what is remembered of it, and how the rest is found. */
export interface KnownBefore {
  seenIds: SeenIds;
  seenRejections: SeenRejections;
  findIds: FindIds;
  findRejections: FindRejections;
}

/** Decides what of a chunk is loaded, and gives every row its position. */
export async function prepareChunk(
  chunk: RawChunk,
  newestBefore: number,
  { seenIds, seenRejections, findIds, findRejections }: KnownBefore,
): Promise<PreparedChunk> {
  seenIds.makeRoom(newestBefore);
  const { verdicts, undo } = await dedupe(chunk, seenIds, findIds);
  const repeated = await findRepeatedRejections(chunk, verdicts, seenRejections, findRejections);
  const { logId } = chunk.start;
  const events = createRowBlockBuilder(logId, sizesOf(chunk.records, 'rows'));
  const rejected = createRowBlockBuilder(logId, sizesOf(chunk.records, 'rejected'));
  const counts = { duplicate: 0, conflict: 0, new: 0 };
  const recordDuplicates: RecordDuplicates[] = [];

  chunk.records.forEach((record, number) => {
    events.beginRecord(record.offset);
    rejected.beginRecord(record.offset);
    const verdictsOfRecord = verdicts[number] ?? [];
    addRows(record, verdictsOfRecord, repeated, events, rejected);
    const { projectId, receivedAt, marks, rejected: refused } = record.meta;
    let duplicates = 0;
    for (let index = 0; index < marks.length + refused; index++) {
      const isRepeated = repeated.has(`${record.offset}:${index}`);
      const verdict = verdictsOfRecord[index];
      if (verdict && !isRepeated) counts[verdict] += 1;
      if (isRepeated || verdict === 'duplicate') duplicates += 1;
    }
    if (duplicates > 0) recordDuplicates.push({ offset: record.offset, projectId, receivedAt, duplicates });
  });

  const { records, ...bounds } = chunk;
  const metas = new Map(records.map(({ offset, meta }) => [offset, meta]));
  return {
    ...bounds,
    events: events.build(),
    rejected: rejected.build(),
    duplicates: counts.duplicate + repeated.size,
    recordDuplicates,
    conflicts: counts.conflict,
    oldestReceivedAt: Math.min(...records.map(({ meta }) => meta.receivedAt)),
    newestReceivedAt: records.reduce((newest, { meta }) => Math.max(newest, meta.receivedAt), newestBefore),
    originOf(offset, index) {
      const meta = metas.get(offset);
      if (!meta) throw new Error(`no record of the chunk begins at ${offset}`);
      return originOf(meta, index);
    },
    suppress: (table, block, list) => suppressBlock(table, block, list, (offset) => metas.get(offset)),
    undo() {
      undo();
      seenRejections.undo();
    },
  };
}

function addRows(
  { offset, rows, rejected, meta }: StoredRecord,
  verdicts: DedupeVerdict[],
  repeated: Set<string>,
  events: RowBlockBuilder,
  refused: RowBlockBuilder,
): void {
  const isFirst = (index: number) => !repeated.has(`${offset}:${index}`);
  eachLine(rows, (line, index) => {
    const verdict = verdicts[index];
    if (verdict === 'new') events.add(line, index);
    else if (verdict === 'conflict' && isFirst(index)) {
      const [messageId, , contentHash] = meta.marks[index] ?? ['', null, 0];
      const why = { ...CONFLICT, rejection_id: conflictId(messageId, contentHash) };
      refused.add(rejectedRow(line, originOf(meta, index), why), index);
    }
  });
  // Rejected rows count on after the accepted ones, so that no two rows share a position.
  eachLine(rejected, (line, number) => {
    const index = meta.marks.length + number;
    if (isFirst(index)) refused.add(line, index);
  });
}

function eachLine(lines: Buffer, use: (line: Buffer, index: number) => void): void {
  let begin = 0;
  for (let index = 0; begin < lines.length; index++) {
    const newline = lines.indexOf(0x0a, begin);
    const end = newline < 0 ? lines.length : newline;
    if (!isBlanked(lines, begin)) use(lines.subarray(begin, end), index);
    begin = end + 1;
  }
}

const CONFLICT = {
  reason: 'duplicate_id',
  field: 'messageId',
  detail: 'an id that was not used for another event within 8 days',
} as const;

function sizesOf(records: StoredRecord[], part: 'rows' | 'rejected'): { rows: number; bytes: number } {
  let [rows, bytes] = [0, 0];
  for (const record of records) {
    rows += part === 'rows' ? record.meta.marks.length : record.meta.rejected;
    bytes += record[part].length;
  }
  return { rows, bytes };
}
