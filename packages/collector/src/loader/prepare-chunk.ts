import type { RejectedRow } from '@millrace/warehouse-schema';
import type { StoredRecord } from '../log/event-log.ts';
import { type DedupeVerdict, dedupe, type FindIds } from './dedupe.ts';
import type { RawChunk } from './raw-chunk.ts';
import { createRowBlockBuilder, type RowBlock, type RowBlockBuilder } from './row-block.ts';
import type { SeenIds } from './seen-ids.ts';

/** A chunk as it goes into the warehouse. */
export interface PreparedChunk extends Omit<RawChunk, 'records'> {
  events: RowBlock;
  /** The rejected rows of the log, and the events that were refused for their id. */
  rejected: RowBlock;
  duplicates: number;
  conflicts: number;
  oldestReceivedAt: number;
  /** The greatest `receivedAt` up to the chunk's end. */
  newestReceivedAt: number;
  /** Forgets the ids that this chunk added. */
  undo(): void;
}

/** Decides what of a chunk is loaded, and gives every row its position. */
export async function prepareChunk(
  chunk: RawChunk,
  newestBefore: number,
  seenIds: SeenIds,
  findIds: FindIds,
): Promise<PreparedChunk> {
  seenIds.makeRoom(newestBefore);
  const { verdicts, undo } = await dedupe(chunk, seenIds, findIds);
  const { logId } = chunk.start;
  const events = createRowBlockBuilder(logId, sizesOf(chunk.records, 'rows'));
  const rejected = createRowBlockBuilder(logId, sizesOf(chunk.records, 'rejected'));
  const counts = { duplicate: 0, conflict: 0, new: 0 };

  chunk.records.forEach((record, number) => {
    events.beginRecord(record.offset);
    rejected.beginRecord(record.offset);
    const verdictsOfRecord = verdicts[number] ?? [];
    addRows(record, verdictsOfRecord, events, rejected);
    for (const verdict of verdictsOfRecord) counts[verdict] += 1;
  });

  const { records: _, ...bounds } = chunk;
  return {
    ...bounds,
    events: events.build(),
    rejected: rejected.build(),
    duplicates: counts.duplicate,
    conflicts: counts.conflict,
    oldestReceivedAt: Math.min(...chunk.records.map(({ meta }) => meta.receivedAt)),
    newestReceivedAt: chunk.records.reduce(
      (newest, { meta }) => Math.max(newest, meta.receivedAt),
      newestBefore,
    ),
    undo,
  };
}

function addRows(
  { rows, rejected, meta }: StoredRecord,
  verdicts: DedupeVerdict[],
  events: RowBlockBuilder,
  refused: RowBlockBuilder,
): void {
  eachLine(rows, (line, index) => {
    const verdict = verdicts[index];
    if (verdict === 'new') events.add(line, index);
    else if (verdict === 'conflict') refused.add(conflictRow(line), index);
  });
  // Rejected rows count on after the accepted ones, so that no two rows share a position.
  eachLine(rejected, (line, index) => refused.add(line, meta.marks.length + index));
}

function eachLine(lines: Buffer, use: (line: Buffer, index: number) => void): void {
  let begin = 0;
  for (let index = 0; begin < lines.length; index++) {
    const newline = lines.indexOf(0x0a, begin);
    const end = newline < 0 ? lines.length : newline;
    use(lines.subarray(begin, end), index);
    begin = end + 1;
  }
}

function conflictRow(line: Buffer): Buffer {
  return rejectedRow(line, {
    reason: 'duplicate_id',
    field: 'messageId',
    detail: 'an id that was not used for another event within 8 days',
  });
}

/** The row of `rejected_events` for a row of `events` that is not loaded; the payload is that row. */
export function rejectedRow(
  line: Buffer,
  why: Pick<RejectedRow, 'reason' | 'detail'> & { field?: string },
): Buffer {
  const payload = line.toString('utf8').trimEnd();
  const row: RejectedRow = { ...identityOf(payload), ...why, payload };
  return Buffer.from(JSON.stringify(row));
}

type Identity = Pick<RejectedRow, 'project_id' | 'message_id' | 'received_at' | 'retention_days'>;

const MIN_RETENTION_DAYS = 30;

/** Whose row it is, as far as it says: what could not be inserted may not even be JSON. */
export function identityOf(payload: string): Identity {
  let row: Partial<Record<keyof Identity, unknown>> = {};
  try {
    row = JSON.parse(payload) as typeof row;
  } catch {}
  return {
    project_id: numberOr(row.project_id, 0),
    message_id: typeof row.message_id === 'string' ? row.message_id : '',
    received_at: numberOr(row.received_at, 0),
    retention_days: numberOr(row.retention_days, MIN_RETENTION_DAYS),
  };
}

function numberOr(value: unknown, fallback: number): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fallback;
}

function sizesOf(records: StoredRecord[], part: 'rows' | 'rejected'): { rows: number; bytes: number } {
  let [rows, bytes] = [0, 0];
  for (const record of records) {
    rows += part === 'rows' ? record.meta.marks.length : record.meta.rejected;
    bytes += record[part].length;
  }
  return { rows, bytes };
}
