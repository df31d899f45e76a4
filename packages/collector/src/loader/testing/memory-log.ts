import type { LogPosition, LogReader } from '../../log/event-log.ts';
import type { LogRecord } from '../../log/record.ts';

/** For tests: a log in memory, whose segments hold at most `segmentRecords` records. */
export interface MemoryLog {
  append(record: LogRecord): void;
  /** A reader of its own; several may read side by side. */
  reader(): LogReader;
  /** Forgets the segments before the one of the position. */
  forgetBefore(position: LogPosition): void;
  /** Makes the record of this number, from 0, one that cannot be read. */
  damage(number: number): void;
  readonly released: LogPosition[];
}

interface Stored {
  record: LogRecord;
  segment: number;
  offset: number;
  end: number;
}

const HEADER_BYTES = 32;

export function createMemoryLog(name = 'memory', segmentRecords = 1000): MemoryLog {
  let stored: Stored[] = [];
  const released: LogPosition[] = [];
  const waiting = new Set<() => void>();
  const idOf = (segment: number) => `${name}-${String(segment).padStart(12, '0')}`;
  const newest = () => stored.at(-1)?.segment ?? 1;
  const inSegment = (segment: number) => stored.filter((one) => one.segment === segment);
  const startOf = (segment: number): LogPosition => ({ logId: idOf(segment), offset: HEADER_BYTES });

  function read(from: LogPosition, limit: { rows: number; bytes: number }, until?: number) {
    const oldest = stored[0]?.segment ?? 1;
    const segment = Math.max(Number(from.logId.slice(-12)), oldest);
    const begin = from.logId === idOf(segment) ? from.offset : HEADER_BYTES;
    const taken: Stored[] = [];
    let [rows, bytes] = [0, 0];
    for (const one of inSegment(segment)) {
      if (one.offset < begin || (until !== undefined && one.offset >= until)) continue;
      const { meta } = one.record;
      rows += meta.marks.length + meta.rejected;
      bytes += one.record.rows.length + one.record.rejected.length;
      if (until === undefined && taken.length > 0 && (rows > limit.rows || bytes > limit.bytes)) break;
      taken.push(one);
    }
    const end = taken.at(-1)?.end ?? begin;
    const isAtEnd = inSegment(segment).every((one) => one.offset < end);
    const isFinished = until === undefined && isAtEnd && newest() > segment;
    const logId = idOf(segment);
    return {
      records: taken.map((one) => ({ ...one.record, logId, offset: one.offset, end: one.end })),
      next: isFinished ? startOf(segment + 1) : { logId, offset: end },
      finished: isFinished,
    };
  }

  return {
    released,
    append(record) {
      const last = stored.at(-1);
      const isFull = last !== undefined && inSegment(last.segment).length >= segmentRecords;
      const segment = last ? last.segment + (isFull ? 1 : 0) : 1;
      const offset = last && !isFull ? last.end : HEADER_BYTES;
      const bytes = record.rows.length + record.rejected.length + 12;
      stored.push({ record, segment, offset, end: offset + bytes });
      for (const wake of waiting) wake();
      waiting.clear();
    },
    forgetBefore({ logId }) {
      stored = stored.filter((one) => idOf(one.segment) >= logId);
    },
    damage(number) {
      stored = stored.filter((_, i) => i !== number);
    },
    reader: () => ({
      first: async () => startOf(stored[0]?.segment ?? 1),
      read: async (from, limit, until) => read(from, limit, until),
      wait: (from, timeoutMs) => {
        if (read(from, { rows: 1, bytes: 1 }).records.length > 0) return Promise.resolve();
        return new Promise((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          waiting.add(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      },
      release: async (position) => {
        released.push(position);
      },
      close: async () => {},
    }),
  };
}
