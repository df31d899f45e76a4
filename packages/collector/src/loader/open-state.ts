import type { LogPosition, LogReader } from '../log/event-log.ts';
import { initialState, type LoaderState } from './loader-state.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import { comparePositions, logFamily } from './log-order.ts';
import type { StateFile } from './state-file.ts';

/**
 * The state to go on from. Where the file is lost, or belongs to another log, the log is loaded from its
 * beginning, and what the warehouse may hold of it already is compared instead of inserted.
 */
export async function openState(
  file: StateFile,
  reader: LogReader,
  warehouse: LoaderWarehouse,
): Promise<LoaderState> {
  const first = await reader.first();
  const saved = await file.load();
  if (saved && (saved.plan || logFamily(saved.checkpoint.logId) === logFamily(first.logId))) return saved;

  const base = saved ?? initialState(first);
  const last = await warehouse.lastPosition(logFamily(first.logId));
  return {
    ...base,
    checkpoint: first,
    newestReceivedAt: Math.max(base.newestReceivedAt, await warehouse.newestReceivedAt()),
    compareUntil: last && { logId: last.logId, offset: last.offset + 1 },
  };
}

/** True if someone whose state is lost may have loaded what begins at `start`. */
export function isToBeCompared({ compareUntil }: LoaderState, start: LogPosition): boolean {
  if (!compareUntil || logFamily(compareUntil.logId) !== logFamily(start.logId)) return false;
  return comparePositions(start, compareUntil) < 0;
}
