import { createLosses, type LossCounts, type LossReason } from '@millrace/core';
import type { HookList } from './hooks.ts';
import type { AnalyticsHooks } from './options.ts';

/** What was given up, and what of it the collector has still to hear of. */
export interface LossLedger {
  /** Events that are given up, or one that has no id; `message` says what was wrong. */
  add(reason: LossReason, messageIds: string[], message?: string): void;
  counts(): LossCounts;
  /** What nobody was told of yet; from now on it is told. Nothing where there is nothing. */
  takeUntold(): { [reason: string]: number } | undefined;
}

/** A ledger without losses, which tells `hooks` of each. */
export function createLossLedger(hooks: HookList<AnalyticsHooks>): LossLedger {
  const losses = createLosses();
  let untold: { [reason: string]: number } | undefined;
  return {
    add(reason, messageIds, message) {
      const count = messageIds.length || 1;
      losses.add(reason, count);
      untold = { ...untold, [reason]: (untold?.[reason] ?? 0) + count };
      hooks.emit('dropped', { reason, count, messageIds, message });
    },
    counts: losses.counts,
    takeUntold() {
      const taken = untold;
      untold = undefined;
      return taken;
    },
  };
}
