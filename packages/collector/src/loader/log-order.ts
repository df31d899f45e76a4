import type { LogPosition } from '../log/event-log.ts';

const SEGMENT_SUFFIX = /-\d{12}$/;

/** Negative if `a` stands before `b` in their log, zero if they are the same place. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  if (a.logId !== b.logId) return a.logId < b.logId ? -1 : 1;
  return a.offset - b.offset;
}

/**
 * What the ids of all segments of one spool begin with: `<spool id>-`. Positions are ordered within it
 * only; a log without segments, such as a Kafka partition, is its own family.
 */
export function logFamily(logId: string): string {
  return SEGMENT_SUFFIX.test(logId) ? logId.slice(0, -12) : logId;
}

/** Whether a log may hold the same record more than once: a send to Kafka that failed may have arrived. */
export function mayRepeat(logId: string): boolean {
  return !SEGMENT_SUFFIX.test(logId);
}

/** What the query ids of all inserts from a log's family begin with. */
export function queryIdPrefix({ logId }: LogPosition): string {
  return `millrace-loader:${logFamily(logId)}:`;
}
