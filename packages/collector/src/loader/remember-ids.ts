import type { LoaderState } from './loader-state.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';

/**
 * The ids of the chunks before the next one: all of them where they are few, else none yet. None either where
 * the log is loaded again, its state being lost: some of its ids may then be known to the warehouse alone.
 */
export async function rememberIds(
  state: LoaderState,
  warehouse: LoaderWarehouse,
  capacity: number,
): Promise<SeenIds> {
  const seenIds = await remember(state, warehouse, capacity);
  const { lookUpMadeBefore } = state;
  if (lookUpMadeBefore === undefined) return seenIds;
  return {
    ...seenIds,
    covers: (madeAt) => madeAt !== null && madeAt >= lookUpMadeBefore && seenIds.covers(madeAt),
  };
}

async function remember(
  { plan, checkpoint, newestReceivedAt, compareReceivedBefore }: LoaderState,
  warehouse: LoaderWarehouse,
  capacity: number,
): Promise<SeenIds> {
  const isAgain = newestReceivedAt > 0 && compareReceivedBefore > newestReceivedAt;
  const all = isAgain ? null : await warehouse.allIds(plan?.start ?? checkpoint, capacity / 2);
  if (!all) return createSeenIds({ capacity, forgottenUntil: newestReceivedAt });
  const seenIds = createSeenIds({ capacity, forgottenUntil: Number.NEGATIVE_INFINITY });
  for (const { projectId, messageId, contentHash, receivedAt } of all) {
    seenIds.add(projectId, messageId, { contentHash, receivedAt });
  }
  return seenIds;
}
