import { murmur3 } from '@millrace/core';
import { isBlanked } from '../is-blanked.ts';
import type { EventMark, LogRecord } from '../record.ts';
import type { PlacedMessage } from './kafka-sender.ts';
import { EVENTS_TOPIC, encodeEventsMessage, encodeRejectedMessage, REJECTED_TOPIC } from './message.ts';

/** How events become messages: one each, or several of one record and partition as the lines of one. */
export type Packing = 'events' | 'lines';

export interface Placement {
  packing: Packing;
  /** How many partitions the topic of events, and that of rejected ones, has. */
  partitions: { events: number; rejected: number };
}

/** A message of several lines is cut before it would grow past this. */
const MAX_LINES_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * The partition of an event: by project and message id, so that every retry of it meets the first try in one
 * partition, and no project or user makes one partition hot.
 */
export function partitionOf(projectId: number, messageId: string, partitions: number): number {
  return murmur3(`${projectId}:${messageId}`) % partitions;
}

/**
 * The messages of a record, each with its topic and partition; the same ones whenever it is asked again. One with
 * rejected rows has to have an id. Rows that a deletion blanked while the record was buffered are left out; the names of the
 * others stay.
 */
export function placeRecord(record: LogRecord, { packing, partitions }: Placement): PlacedMessage[] {
  const { meta } = record;
  const maxBytes = packing === 'lines' ? MAX_LINES_BYTES : 0;
  const placed: PlacedMessage[] = [];
  const open = new Map<number, { marks: EventMark[]; lines: Buffer[]; bytes: number }>();

  function finish(partition: number): void {
    const pack = open.get(partition);
    if (!pack) return;
    open.delete(partition);
    const rows = pack.lines.length === 1 ? (pack.lines[0] ?? Buffer.alloc(0)) : Buffer.concat(pack.lines);
    placed.push({ topic: EVENTS_TOPIC, partition, message: encodeEventsMessage(meta, pack.marks, rows) });
  }

  let at = 0;
  for (const mark of meta.marks) {
    const end = endOfLine(record.rows, at);
    const line = record.rows.subarray(at, end);
    const isGone = isBlanked(record.rows, at);
    at = end;
    if (isGone) continue;
    const partition = partitionOf(meta.projectId, mark[0], partitions.events);
    const size = open.get(partition)?.bytes ?? 0;
    if (size > 0 && size + line.length > maxBytes) finish(partition);
    const pack = open.get(partition) ?? { marks: [], lines: [], bytes: 0 };
    pack.marks.push(mark);
    pack.lines.push(line);
    pack.bytes += line.length;
    open.set(partition, pack);
    if (pack.bytes > maxBytes) finish(partition);
  }
  for (const partition of [...open.keys()]) finish(partition);
  placeRejected(record, partitions.rejected, placed);
  return placed;
}

/** One message a row, so that one event of a batch that is too large for the broker takes no other with it. */
function placeRejected({ meta, rejected }: LogRecord, partitions: number, placed: PlacedMessage[]): void {
  for (let at = 0, index = 0; at < rejected.length; index++) {
    const end = endOfLine(rejected, at);
    if (!isBlanked(rejected, at))
      placed.push(placeRejectedRow(meta, rejected.subarray(at, end), `${meta.id}:${index}`, partitions));
    at = end;
  }
}

/** The message of one rejected row; all that have its id meet in one partition. */
export function placeRejectedRow(
  origin: { projectId: number; receivedAt: number },
  line: Buffer,
  id: string,
  partitions: number,
): PlacedMessage {
  const message = encodeRejectedMessage(origin, line, id);
  return { topic: REJECTED_TOPIC, partition: partitionOf(origin.projectId, id, partitions), message };
}

function endOfLine(lines: Buffer, at: number): number {
  const newline = lines.indexOf(NEWLINE, at);
  if (newline < 0) throw new RangeError('a record has fewer lines than its meta says');
  return newline + 1;
}
