import type { StoredRecord } from '../event-log.ts';
import { decodeRecord, type LogRecord } from '../record.ts';
import type { Damage } from './quarantine.ts';
import { FRAME_HEADER_BYTES } from './segment-format.ts';
import type { Scanned } from './segment-scan.ts';

/** What a scan gave: `tail` is there if it came to the end, and not there if a limit stopped it. */
export interface Collected {
  records: StoredRecord[];
  tail?: Scanned & { kind: 'tail' };
}

/** Takes records from a scan up to the limits, but at least one if there is one, and hands over the damage between. */
export async function collectRecords(
  scan: AsyncIterable<Scanned>,
  logId: string,
  limit: { rows: number; bytes: number },
  onDamage: (damage: Damage) => Promise<void>,
): Promise<Collected> {
  const records: StoredRecord[] = [];
  let { rows, bytes } = limit;
  for await (const item of scan) {
    if (item.kind === 'tail') return { records, tail: item };
    const record = item.kind === 'frame' ? decode(item.payload) : undefined;
    if (item.kind === 'damage' || !record) {
      await onDamage({ offset: item.offset, end: item.end });
      continue;
    }
    rows -= record.meta.marks.length + record.meta.rejected;
    bytes -= item.payload.length + FRAME_HEADER_BYTES;
    if (records.length > 0 && (rows < 0 || bytes < 0)) return { records };
    records.push({ ...record, logId, offset: item.offset, end: item.end });
  }
  return { records };
}

function decode(payload: Buffer): LogRecord | undefined {
  try {
    return decodeRecord(payload);
  } catch {
    return undefined;
  }
}
