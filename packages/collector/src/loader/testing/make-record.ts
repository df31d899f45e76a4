import { crc32 } from 'node:zlib';
import type { EventRow, RejectedRow } from '@millrace/warehouse-schema';
import type { EventMark, LogRecord } from '../../log/record.ts';

/** For tests: an event, of which everything but the id may be left out. */
export interface TestEvent {
  id: string;
  /** What its content hash is made of. @default the id */
  content?: string;
  /** @default null */
  madeAt?: number | null;
  row?: Partial<EventRow>;
  /** The row as text, in place of what the fields say. */
  line?: string;
}

export interface TestRecord {
  events: TestEvent[];
  /** The ids of rejected rows. */
  rejected?: string[];
  /** @default 1 */
  projectId?: number;
  /** @default 2026-11-20 */
  receivedAt?: number;
}

export const RECEIVED_AT = Date.UTC(2026, 10, 20, 12);

/** For tests: a record as the collector writes it. */
export function makeRecord(record: TestRecord): LogRecord {
  const { events, rejected = [], projectId = 1, receivedAt = RECEIVED_AT } = record;
  const hashOf = ({ id, content = id }: TestEvent) => crc32(content);
  const marks = events.map((event): EventMark => [event.id, event.madeAt ?? null, hashOf(event)]);
  const rows = events.map((event): EventRow => {
    return {
      project_id: projectId,
      message_id: event.id,
      type: 'track',
      event: 'Tested',
      timestamp: receivedAt,
      received_at: receivedAt,
      retention_days: 3650,
      content_hash: hashOf(event),
      ...event.row,
    };
  });
  const lines = events.map((event, i) => event.line ?? JSON.stringify(rows[i]));
  const refused = rejected.map((id): RejectedRow => {
    return {
      project_id: projectId,
      message_id: id,
      reason: 'invalid_event',
      detail: 'an event',
      received_at: receivedAt,
      payload: '{}',
      retention_days: 3650,
    };
  });
  return {
    meta: { v: 1, projectId, receivedAt, marks, rejected: rejected.length },
    rows: toLines(lines),
    rejected: toLines(refused.map((row) => JSON.stringify(row))),
  };
}

function toLines(lines: string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}
