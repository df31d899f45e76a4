import type { LogPosition, LogReader } from '../log/event-log.ts';
import { initialState, type LoaderState } from './loader-state.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import { comparePositions, logFamily, queryIdPrefix } from './log-order.ts';
import type { Retrier } from './retrier.ts';
import type { StateFile } from './state-file.ts';

/**
 * The state to go on from. Where the file is lost, or belongs to another log, the log is loaded from its
 * beginning, and what the warehouse may hold of it already is compared instead of inserted.
 */
export async function openState(
  file: StateFile,
  reader: LogReader,
  warehouse: LoaderWarehouse,
  retrier: Retrier,
): Promise<LoaderState> {
  const first = await reader.first();
  const family = logFamily(first.logId);
  const saved = await file.load();
  if (saved && (saved.plan || logFamily(saved.checkpoint.logId) === family)) return saved;

  // What is still being inserted could otherwise come after the last position was asked for.
  await retrier.until(async () => (await warehouse.insertsRunning(queryIdPrefix(first))) === 0);
  const last = await retrier.persist(() => warehouse.lastPosition(family));
  const newest = await retrier.persist(() => warehouse.newestReceivedAt());
  const base = saved ?? initialState(first);
  return {
    ...base,
    checkpoint: first,
    newestReceivedAt: Math.max(base.newestReceivedAt, newest),
    compareUntil: last && { logId: last.logId, offset: last.offset + 1 },
  };
}

/** True if someone whose state is lost may have loaded what begins at `start`. */
export function isToBeCompared({ compareUntil }: LoaderState, start: LogPosition): boolean {
  if (!compareUntil || logFamily(compareUntil.logId) !== logFamily(start.logId)) return false;
  return comparePositions(start, compareUntil) < 0;
}
