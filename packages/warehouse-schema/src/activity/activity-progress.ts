import type { WarehouseClient } from '../client.ts';
import { queryText, runQuery } from '../queries/run-query.ts';

/** Of each time zone and partition of `events`, the first block that the bitmaps do not have yet. */
type Reached = Record<string, Record<string, number>>;

/** How far the daily bitmaps are, as it is noted. */
export interface ActivityProgress {
  /** What is noted for an earlier one counts no more. */
  epoch: number;
  holder: string;
  reached: Reached;
  /** Of each project the greatest number given. */
  numbered: Record<string, number>;
  /** The last batch of numbers. */
  batch: number;
  /** The version of `person_override_versions` that is taken over. */
  overrides: number;
  /** When all overrides were last looked at, Unix milliseconds. */
  swept_at: number;
}

/** How far they are, and what there is to do. */
export interface ActivityState extends ActivityProgress {
  held: number;
  /** Unix milliseconds, by the server's clock. */
  now: number;
  /** Of `events`. */
  engine: string;
  /** Of the newest override. */
  version: number;
  /** Of each partition of `events`, one more than its newest block. */
  next: Record<string, number>;
}

/** Nothing that this writes repeats an earlier block, and a repetition would do no harm. */
export const UNDEDUPLICATED = {
  insert_deduplicate: 0,
  deduplicate_insert_select: 'disable',
  async_insert: 0,
};

export async function readProgress(client: WarehouseClient): Promise<ActivityState> {
  const [state] = await runQuery<object, ActivityState>(client, 'activity/progress', {});
  if (!state) throw new Error('activity_progress gave no row');
  return state;
}

/** Notes how far they are, and that it is held for so long. */
export async function noteProgress(
  client: WarehouseClient,
  { reached, numbered, ...rest }: ActivityProgress,
  holdMs: number,
): Promise<void> {
  const { epoch, holder, batch, overrides, swept_at } = rest;
  await client.command(queryText('activity/note'), {
    settings: UNDEDUPLICATED,
    params: {
      epoch,
      holder,
      batch,
      overrides,
      swept_at,
      hold: holdMs,
      reached: JSON.stringify(reached),
      numbered: JSON.stringify(numbered),
    },
  });
}
