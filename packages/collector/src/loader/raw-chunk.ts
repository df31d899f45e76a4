import type { LogPosition, LogReader, StoredRecord } from '../log/event-log.ts';
import { comparePositions } from './log-order.ts';

/** Whole records of one segment, as read, in order. */
export interface RawChunk {
  start: LogPosition;
  /** The offset after the last record, in the segment of `start`. */
  end: number;
  /** Where the next chunk begins. */
  next: LogPosition;
  records: StoredRecord[];
}

/** When a chunk is cut. */
export interface ChunkLimits {
  /** Rows, rejected ones included. A single record may exceed it. */
  rows: number;
  bytes: number;
  /** How old the first event of a chunk may become while the chunk is still filled, in milliseconds. */
  ageMs: number;
}

interface Waiting {
  clock: () => number;
  sleep: (ms: number) => Promise<void>;
}

/**
 * Reads the chunk that begins at `from`: as much as there is until the chunk is full, old enough, its segment
 * ends, or bytes follow that cannot be read: what was loaded from those stands before the next chunk, which is
 * where ids are looked for. An empty one says that nothing is there yet; its `next` may stand in a later segment.
 */
export async function readChunk(
  reader: LogReader,
  from: LogPosition,
  limits: ChunkLimits,
  { clock, sleep }: Waiting,
): Promise<RawChunk> {
  let chunk = emptyChunk(from);
  let waitedMs = 0;
  for (;;) {
    const used = sizeOf(chunk.records);
    const room = { rows: limits.rows - used.rows, bytes: limits.bytes - used.bytes };
    const read = await reader.read(chunk.next, room);
    if (chunk.records.length === 0 && read.records.length === 0) {
      if (comparePositions(read.next, chunk.next) === 0) return chunk;
      chunk = emptyChunk(read.next);
      continue;
    }
    const isFull = addRecords(chunk, read.records, limits);
    if (isFull) return chunk;
    chunk.next = read.next;
    const first = chunk.records[0];
    const age = clock() - (first?.meta.receivedAt ?? 0);
    // A clock that was set back makes an event look younger than what was waited for it.
    const restMs = limits.ageMs - Math.max(age, waitedMs);
    if (read.next.logId !== chunk.start.logId || restMs <= 0) return chunk;
    await sleep(restMs);
    waitedMs += restMs;
  }
}

/** Adds the records that fit, the first in any case; true if the chunk is full or one does not belong to it. */
function addRecords(chunk: RawChunk, records: StoredRecord[], limits: ChunkLimits): boolean {
  const size = sizeOf(chunk.records);
  for (const record of records) {
    const more = sizeOf([record]);
    size.rows += more.rows;
    size.bytes += more.bytes;
    const isTooMuch = size.rows > limits.rows || size.bytes > limits.bytes;
    const isBehindGap = record.offset !== chunk.end;
    if ((isTooMuch || isBehindGap) && chunk.records.length > 0) return true;
    if (chunk.records.length === 0) chunk.start = { logId: record.logId, offset: record.offset };
    chunk.records.push(record);
    chunk.end = record.end;
    chunk.next = { logId: record.logId, offset: record.end };
  }
  return size.rows >= limits.rows || size.bytes >= limits.bytes;
}

function sizeOf(records: StoredRecord[]): { rows: number; bytes: number } {
  let [rows, bytes] = [0, 0];
  for (const { meta, rows: lines, rejected } of records) {
    rows += meta.marks.length + meta.rejected;
    bytes += lines.length + rejected.length;
  }
  return { rows, bytes };
}

/** Reads the records of a chunk whose bounds are known, however large it is. */
export async function rereadChunk(
  reader: LogReader,
  bounds: Pick<RawChunk, 'start' | 'end' | 'next'>,
  limits: ChunkLimits,
): Promise<RawChunk> {
  const records: StoredRecord[] = [];
  let position = bounds.start;
  while (position.logId === bounds.start.logId && position.offset < bounds.end) {
    const read = await reader.read(position, limits, bounds.end);
    records.push(...read.records);
    if (comparePositions(read.next, position) === 0) break;
    position = read.next;
  }
  return { ...bounds, records };
}

function emptyChunk(from: LogPosition): RawChunk {
  return { start: from, end: from.offset, next: from, records: [] };
}
