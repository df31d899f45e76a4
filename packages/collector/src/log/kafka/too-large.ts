import { wellFormedString } from '@millrace/core';
import type { RejectedRow } from '@millrace/warehouse-schema';
import type { PlacedMessage } from './kafka-sender.ts';
import { decodeEventsMessage, decodeRejectedMessage, EVENTS_TOPIC, encodeEventsMessage } from './message.ts';
import { placeRejectedRow } from './place-record.ts';

/** How much of an event that no topic takes is kept at first; less, where even that is too much. */
const KEPT_CHARACTERS = 64 * 1024;
const SMALLEST_CUT = 64;

/**
 * What goes into the log in place of a message that is larger than its topic takes: the events of a message one by
 * one; in place of a single event, a rejected row with as much of it as fits. Empty if not even that can be made
 * smaller.
 */
export function shrink(placed: PlacedMessage, rejectedPartitions: number): PlacedMessage[] {
  return placed.topic === EVENTS_TOPIC ? shrinkEvents(placed, rejectedPartitions) : shrinkRejected(placed);
}

function shrinkEvents(placed: PlacedMessage, rejectedPartitions: number): PlacedMessage[] {
  const { meta, rows } = decodeEventsMessage(placed.message);
  const lines = linesOf(rows);
  if (lines.length > 1) {
    return meta.marks.map((mark, index) => {
      const row = lines[index] ?? Buffer.alloc(0);
      return { ...placed, message: encodeEventsMessage(meta, [mark], row) };
    });
  }
  const [[messageId, , contentHash] = ['', null, 0]] = meta.marks;
  const payload = rows.toString('utf8').trimEnd();
  const { retention_days } = JSON.parse(payload) as { retention_days: number };
  const row: RejectedRow = {
    project_id: meta.projectId,
    message_id: messageId,
    reason: 'event_too_large',
    detail: `the event has ${rows.length} bytes as a row, which is more than Kafka takes (max.message.bytes)`,
    received_at: meta.receivedAt,
    payload,
    retention_days,
  };
  const line = lineOf(cut(row, KEPT_CHARACTERS));
  return [placeRejectedRow(meta, line, `too_large:${messageId}:${contentHash}`, rejectedPartitions)];
}

function shrinkRejected(placed: PlacedMessage): PlacedMessage[] {
  const { rejected } = decodeRejectedMessage(placed.message);
  const row = JSON.parse(rejected.toString('utf8')) as RejectedRow;
  const kept = Math.min(KEPT_CHARACTERS, row.payload.length >> 2);
  if (kept < SMALLEST_CUT) return [];
  return [{ ...placed, message: { ...placed.message, value: lineOf(cut(row, kept)) } }];
}

function cut(row: RejectedRow, characters: number): RejectedRow {
  if (row.payload.length <= characters) return row;
  const [detail = ''] = row.detail.split('; only the first ');
  return {
    ...row,
    payload: wellFormedString(row.payload.slice(0, characters)),
    detail: `${detail}; only the first ${characters} characters are kept`,
  };
}

const lineOf = (row: RejectedRow): Buffer => Buffer.from(`${JSON.stringify(row)}\n`);

function linesOf(rows: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < rows.length; ) {
    const end = rows.indexOf(0x0a, at) + 1 || rows.length;
    lines.push(rows.subarray(at, end));
    at = end;
  }
  return lines;
}
