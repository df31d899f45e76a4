import { randomUUID } from 'node:crypto';
import type { LogRecord } from './record.ts';

/**
 * Gives a record with rejected rows a name, if it has none. An event has its message id; a rejected row has nothing
 * else that tells the same row, sent again, from another one like it.
 */
export function nameRecord(record: LogRecord): LogRecord {
  const { meta } = record;
  if (meta.rejected === 0 || meta.id !== undefined) return record;
  return { ...record, meta: { ...meta, id: randomUUID() } };
}
