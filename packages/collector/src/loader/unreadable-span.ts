import type { LogPosition } from '../log/event-log.ts';
import type { LogSpan } from './loader-warehouse.ts';
import { comparePositions } from './log-order.ts';
import type { RawChunk } from './raw-chunk.ts';

/**
 * What no record that can be read covers, between where reading stood and where the next records begin, or the
 * end of what was loaded: damaged bytes, what an interrupted write left, segments that are gone. Null if that
 * is nothing. What the log held there is unknown, so rows that stand there contradict nothing.
 */
export function unreadableSpan(from: LogPosition, chunk: RawChunk, end: LogPosition): LogSpan | null {
  const isPast = chunk.records.length === 0 || comparePositions(chunk.start, end) > 0;
  const to = isPast ? end : chunk.start;
  return comparePositions(from, to) < 0 ? { from, to } : null;
}
