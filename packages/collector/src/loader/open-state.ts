import type { LogReader } from '../log/event-log.ts';
import { initialState, type LoaderState } from './loader-state.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import { logFamily } from './log-order.ts';
import type { Retrier } from './retrier.ts';
import type { StateFile } from './state-file.ts';

/**
 * The state to go on from. Where the file is lost, or belongs to another log, the log is loaded from its
 * beginning, and what it holds already is compared with the warehouse instead of just inserted.
 */
export async function openState(
  file: StateFile,
  reader: LogReader,
  warehouse: LoaderWarehouse,
  retrier: Retrier,
  clock: () => number,
): Promise<LoaderState> {
  const first = await reader.first();
  const saved = await file.load();
  if (saved && (saved.plan || logFamily(saved.checkpoint.logId) === logFamily(first.logId))) return saved;

  const base = saved ?? initialState(first);
  const newest = await retrier.persist(() => warehouse.newestReceivedAt());
  return {
    ...base,
    checkpoint: first,
    newestReceivedAt: Math.max(base.newestReceivedAt, newest),
    compareReceivedBefore: Math.max(newest + 1, clock()),
  };
}
