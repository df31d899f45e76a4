import type { LogReader, StoredRecord } from '../../event-log.ts';
import type { LogRecord } from '../../record.ts';
import { createSpoolReader } from '../spool-reader.ts';

/** For tests: a record of `events` rows, named after `name`, of about `bytes` bytes. */
export function makeRecord(name: number | string, events = 2, bytes = 300): LogRecord {
  const ids = Array.from({ length: events }, (_, index) => `${name}-${index}`);
  const filler = 'ü'.repeat(Math.max(0, Math.floor(bytes / 2 / events) - 30));
  const rows = ids.map((id) => `${JSON.stringify({ message_id: id, properties: { filler } })}\n`).join('');
  const rejected = `${JSON.stringify({ message_id: `${name}-rejected`, payload: '{' })}\n`;
  return {
    meta: {
      v: 1,
      projectId: 1,
      receivedAt: 1_763_000_000_000,
      marks: ids.map((id) => [id, null, 7]),
      rejected: 1,
    },
    rows: Buffer.from(rows),
    rejected: Buffer.from(rejected),
  };
}

/** For tests: every record there is to read now, by reads of at most `rows` rows. */
export async function readAll(reader: LogReader, rows = 20): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  let position = await reader.first();
  while (true) {
    const result = await reader.read(position, { rows, bytes: 1024 * 1024 });
    records.push(...result.records);
    if (result.records.length === 0 && !result.finished) return records;
    position = result.next;
  }
}

/** For tests: what two equal records have in common. */
export function content(record: LogRecord) {
  return { meta: record.meta, rows: record.rows.toString(), rejected: record.rejected.toString() };
}

/** For tests: every record of the spool in `folder`, by a reader of its own. */
export async function readFolder(folder: string, rows = 20): Promise<StoredRecord[]> {
  const reader = createSpoolReader({ folder });
  try {
    return await readAll(reader, rows);
  } finally {
    await reader.close();
  }
}
