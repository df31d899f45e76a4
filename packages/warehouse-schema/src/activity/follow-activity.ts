import { randomUUID } from 'node:crypto';
import { type Follower, follow } from '../background/follow.ts';
import type { WarehouseClient } from '../client.ts';
import { type ActivityState, noteProgress, readProgress } from './activity-progress.ts';
import { type Blocks, fillActivity, fillOverrides } from './fill-activity.ts';
import { settledBlocks } from './settled-blocks.ts';

/** What keeps the daily bitmaps up with `events`. */
export interface FollowActivityOptions {
  /** An administrator of the warehouse. */
  client: WarehouseClient;
  /** Time zones by whose days people are counted, as `Intl` names them. */
  zones: readonly string[];
  /** How long to rest between two looks; where a look took long, four times as long as that, up to 20 s. @default 5000 */
  intervalMs?: number;
  log: (line: string) => void;
}

/** How long another waits for one that ended in the middle. */
const HELD_MS = 60_000;
/** All overrides are looked at once in this time: the numbers of persons without events would expire. */
const SWEEP_MS = 24 * 60 * 60_000;

/**
 * Keeps `activity_daily` and the numbers of people up with `events`; its looks resolve to how many rows were new. Several
 * may do so: of those one at a time works, and two at once do no harm. Over shards it does nothing, and questions are
 * answered from `events`.
 */
export function followActivity(options: FollowActivityOptions): Follower {
  const { client, zones, intervalMs = 5_000, log } = options;
  const holder = randomUUID();
  const settle = settledBlocks();

  async function look(signal: AbortSignal): Promise<number> {
    const state = await readProgress(client);
    if (state.engine === 'Distributed' || (state.held && state.holder !== holder)) return 0;
    state.holder = holder;
    state.reached = withoutRegress(state);
    state.next = settle(state);
    const work = missing(state, zones);
    if (work.length === 0 && !hasOverrides(state)) return 0;
    const hold = async () => {
      signal.throwIfAborted();
      await noteProgress(client, state, HELD_MS);
    };
    await hold();
    await followOverrides(state);
    let rows = 0;
    for (const blocks of work) {
      rows += await fillActivity(client, state, blocks, hold);
      for (const zone of blocks.zones)
        state.reached[zone] = { ...state.reached[zone], [blocks.partition]: blocks.next };
      await hold();
    }
    await noteProgress(client, state, 0);
    return rows;
  }

  async function followOverrides(state: ActivityState): Promise<void> {
    if (!hasOverrides(state)) return;
    const isSweep = isSweepDue(state);
    await fillOverrides(client, state, isSweep ? 0 : state.overrides);
    state.overrides = state.version;
    if (isSweep) state.swept_at = state.now;
  }

  const problem = (words: string) => log(`daily activity cannot be brought up to date: ${words}`);
  return follow({ look, intervalMs, problem });
}

function hasOverrides(state: ActivityState): boolean {
  return state.version !== state.overrides || isSweepDue(state);
}

function isSweepDue({ now, swept_at }: ActivityState): boolean {
  return now - swept_at > SWEEP_MS;
}

/** Without partitions whose newest block is an older one than before: another table was put in the place of `events`. */
function withoutRegress({ reached, next }: ActivityState): ActivityState['reached'] {
  return Object.fromEntries(
    Object.entries(reached).map(([zone, partitions]) => [
      zone,
      Object.fromEntries(
        Object.entries(partitions).filter(([partition, from]) => from <= (next[partition] ?? 0)),
      ),
    ]),
  );
}

/** What the zones have not reached, the newest partition first; zones that are equally far are done together. */
function missing({ reached, next }: ActivityState, zones: readonly string[]): Blocks[] {
  const found: Blocks[] = [];
  for (const [partition, end] of Object.entries(next).sort(([a], [b]) => Number(b) - Number(a))) {
    const byStart = new Map<number, string[]>();
    for (const zone of zones) {
      const from = reached[zone]?.[partition] ?? 0;
      if (from < end) byStart.set(from, [...(byStart.get(from) ?? []), zone]);
    }
    for (const [from, some] of byStart) found.push({ partition, from, next: end, zones: some });
  }
  return found;
}
