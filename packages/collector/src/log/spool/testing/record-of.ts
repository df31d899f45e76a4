import type { LogRecord } from '../../record.ts';
import { makeRecord } from './spool-fixtures.ts';

/** For tests: the record that a killed writer appends under `<run>-<n>`; its size follows from the name. */
export function recordOf(name: string): LogRecord {
  return makeRecord(name, 3, 200 + (Number(name.split('-')[1]) % 50) * 400);
}
