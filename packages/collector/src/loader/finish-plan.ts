import type { Logger } from '../logger.ts';
import type { Journal } from './journal.ts';
import type { ChunkPlan } from './loader-state.ts';

/** What the log says when records are gone that were planned to be loaded. */
const GONE = new Set<unknown>(['segment_missing', 'segment_shrunk', 'offsets_gone']);

/** Loads the chunk that was planned when the loader ended, if there is one. */
export async function finishPlan(
  journal: Journal,
  logger: Logger,
  clock: () => number,
  load: (plan: ChunkPlan) => Promise<void>,
): Promise<void> {
  const { plan } = journal.state;
  if (!plan) return;
  try {
    await load(plan);
  } catch (error) {
    if (!GONE.has((error as { code?: unknown }).code)) throw error;
    // Standing still would not bring them back; what is left of the log is compared from there on.
    logger.error('Records that were to be loaded are gone from the log; going on behind them', {
      ...plan.start,
      end: plan.end,
      reason: (error as Error).message,
    });
    journal.change({ plan: null, checkpoint: plan.start, compareReceivedBefore: clock() });
  }
}
