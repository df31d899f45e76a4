import type { ActivityState } from './activity-progress.ts';

/** A replica may take up a block later than one with a greater number; never so much later. */
const SETTLE_MS = 60_000;

type Blocks = ActivityState['next'];

/**
 * Up to which blocks nothing comes any more. A plain table numbers blocks as they are seen: there it is up to the newest.
 * A replicated one numbers them before: there it is up to what was the newest a minute ago.
 */
export function settledBlocks(): (state: Pick<ActivityState, 'engine' | 'next' | 'now'>) => Blocks {
  let seen: { at: number; next: Blocks }[] = [];
  return ({ engine, next, now }) => {
    if (!engine.startsWith('Replicated')) return next;
    seen.push({ at: now, next });
    const settled = seen.filter(({ at }) => at <= now - SETTLE_MS).at(-1);
    seen = seen.filter((one) => one === settled || one.at > now - SETTLE_MS);
    if (!settled) return {};
    // A partition that is gone, or begins anew, is not waited for.
    return Object.fromEntries(
      Object.entries(settled.next).flatMap(([partition, to]) => {
        const newest = next[partition];
        return newest === undefined ? [] : [[partition, Math.min(to, newest)]];
      }),
    );
  };
}
