import {
  createSuppressionList,
  type SuppressedId,
  type SuppressionList,
  suppressRejected,
  suppressRow,
} from '@millrace/warehouse-schema';
import type { EventLog } from './event-log.ts';
import type { EventMark, LogRecord } from './record.ts';

/** A log that never gets to see what people sent who were deleted. */
export interface SuppressedLog extends EventLog {
  /** From now on these ids are suppressed. What was appended before then stands in files that are finished soon. */
  suppress(ids: readonly SuppressedId[]): void;
}

/**
 * The same log without the events of suppressed ids: those are acknowledged and kept nowhere. A record of which nothing is
 * left is not appended.
 */
export function suppressLog(log: EventLog): SuppressedLog {
  let list = createSuppressionList([]);
  return {
    ...log,
    async append(record) {
      const left = withoutSuppressed(record, list);
      if (left) await log.append(left);
    },
    suppress(ids) {
      const isFirst = list.newest === Number.NEGATIVE_INFINITY;
      list = createSuppressionList(ids);
      if (!isFirst || ids.length > 0) void log.rotate?.();
    },
  };
}

/** What is left of a record; null if nothing is. */
function withoutSuppressed(record: LogRecord, list: SuppressionList): LogRecord | null {
  if (list.newest === Number.NEGATIVE_INFINITY) return record;
  const { meta } = record;
  const marks: EventMark[] = [];
  const rows: Buffer[] = [];
  let isChanged = false;
  linesOf(record.rows).forEach((line, index) => {
    const mark = meta.marks[index] ?? ['', null, 0];
    const verdict = isLater(mark, meta.receivedAt, list) ? 'keep' : suppressRow(line, list, meta);
    if (verdict !== 'keep') isChanged = true;
    if (verdict === 'drop') return;
    marks.push(mark);
    rows.push(verdict === 'keep' ? line : verdict);
  });
  const refused = linesOf(record.rejected);
  const rejected = refused.filter((line) => !suppressRejected(payloadOf(line), list, meta));
  if (!isChanged && rejected.length === refused.length) return record;
  if (rows.length === 0 && rejected.length === 0) return null;
  return {
    meta: { ...meta, marks, rejected: rejected.length },
    rows: Buffer.concat(rows),
    rejected: Buffer.concat(rejected),
  };
}

/** True for what was made and received after every deletion; an event without an id is marked as made when it came. */
export function isLater([, madeAt]: EventMark, receivedAt: number, { newest }: SuppressionList): boolean {
  return madeAt !== null && madeAt !== receivedAt && madeAt > newest && receivedAt > newest;
}

/** The payload of a row of `rejected_events`. */
export function payloadOf(line: Buffer): string {
  const text = line.toString('utf8');
  try {
    const { payload } = JSON.parse(text) as { payload?: unknown };
    return typeof payload === 'string' ? payload : text;
  } catch {
    return text;
  }
}

/** Lines, each with its newline. */
export function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at) + 1 || bytes.length;
    lines.push(bytes.subarray(at, end));
    at = end;
  }
  return lines;
}
