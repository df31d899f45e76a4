import type { LoadOutcome } from './load-chunk.ts';
import type { LoaderState } from './loader-state.ts';
import type { PreparedChunk } from './prepare-chunk.ts';

/** The state once a chunk is loaded. */
export function afterChunk(state: LoaderState, chunk: PreparedChunk, { refused }: LoadOutcome): LoaderState {
  const { totals } = state;
  return {
    ...state,
    plan: null,
    checkpoint: chunk.next,
    newestReceivedAt: chunk.newestReceivedAt,
    totals: {
      chunks: totals.chunks + 1,
      events: totals.events + chunk.events.length - chunk.events.gaps - refused.length,
      duplicatesRefused: totals.duplicatesRefused + chunk.duplicates,
      conflictsRefused: totals.conflictsRefused + chunk.conflicts,
      notInsertable: totals.notInsertable + refused.length,
      rejected: Math.max(
        totals.rejected,
        totals.rejected + chunk.rejected.length - chunk.rejected.gaps - chunk.conflicts,
      ),
    },
  };
}
