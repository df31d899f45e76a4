import { setTimeout as delay } from 'node:timers/promises';
import type { WarehouseClient } from '../client.ts';
import { clusterForm } from '../migrations/render-cluster.ts';
import { compareRollup, rebuildPlaces } from '../rollups/compare-rollups.ts';
import { ROLLUPS, type Rollup } from '../rollups/rollups.ts';
import { BackfillError } from './backfill-error.ts';
import {
  type BackfillNotes,
  DAY_STEP,
  type DayNote,
  noteDay,
  noteRollup,
  ROLLUP_STEP,
  readNotes,
} from './backfill-notes.ts';
import { endFills, fillDay } from './fill-day.ts';
import { type Fill, fillOf } from './fill-statement.ts';

export interface BackfillOptions {
  /** An administrator of the warehouse. Over shards: of the shard that is to be filled. */
  client: WarehouseClient;
  /** Runs the operation while nothing is inserted into `events`. It is short. */
  standStill<T>(operation: () => Promise<T>): Promise<T>;
  /** The share of the time that one thread of ClickHouse works on it, in (0, 1]. @default 0.5 */
  load?: number;
  /** How many events are read at once; a day that has more is filled in pieces. @default 500000 */
  eventsAtOnce?: number;
  onProgress?(progress: BackfillProgress): void;
  signal?: AbortSignal;
}

export interface BackfillProgress {
  rollup: string;
  /** Events, of those that were there when it began. */
  done: number;
  total: number;
  /** How long the rest takes at the pace so far, in milliseconds. */
  restMs: number;
}

export interface BackfillReport {
  rollup: string;
  /** Days that were filled by this run, and those of them that had to be made anew after a run that was cut off. */
  days: number;
  remade: number;
  events: number;
}

const LONGEST_REST_MS = 60_000;

/**
 * Fills a rollup with the events that came before its view, each once, beside live inserts; resolves at once where it has
 * them. It may be cut off at any point, and goes on where it was: a day counts as filled once it was compared with
 * `events`, as `reconcile` does, and a day that was cut off is compared, and made anew where it differs. One at a time.
 * @throws BackfillError for a rollup that does not exist, or whose view is gone.
 */
export async function backfillRollup(name: string, options: BackfillOptions): Promise<BackfillReport> {
  const { client, standStill, load = 0.5 } = options;
  const rollup = rollupOf(name);
  const report: BackfillReport = { rollup: name, days: 0, remade: 0, events: 0 };
  const known = await readNotes(client, name);
  if (known.step === 0 || known.step === ROLLUP_STEP.complete) return report;

  const { cluster } = await clusterForm(client);
  const fill = await fillOf(client, rollup, cluster !== undefined);
  await endFills(client, name);
  const notes = known.step === ROLLUP_STEP.pending ? await begin(options, name, fill) : known;
  const total = sum(notes.days);
  let done = sum(notes.days.filter(({ step }) => step === DAY_STEP.done));
  const doneBefore = done;
  const began = performance.now();
  for (const day of notes.days) {
    options.signal?.throwIfAborted();
    if (day.step === DAY_STEP.done) continue;
    if (day.step === DAY_STEP.begun) {
      await standStill(async () => {
        await endFills(client, name);
        if (await mend(client, rollup, day.day, fill)) report.remade += 1;
      });
    } else {
      await noteDay(client, name, { ...day, step: DAY_STEP.begun });
      await fillDay({ ...options, name, fill, boundary: notes.boundary, day, rest });
      // What comes in between is no difference, and stands still for a second look.
      if ((await compareRollup(client, rollup, [day.day], fill.isShard)).length > 0) {
        await standStill(() => mend(client, rollup, day.day, fill));
      }
    }
    await noteDay(client, name, { ...day, step: DAY_STEP.done });
    report.days += 1;
    report.events += day.rows;
    done += day.rows;
    const pace = (performance.now() - began) / Math.max(1, done - doneBefore);
    options.onProgress?.({ rollup: name, done, total, restMs: Math.round(pace * (total - done)) });
  }
  await noteRollup(client, name, ROLLUP_STEP.complete, notes.boundary);
  return report;

  /** What leaves ClickHouse to the others. */
  async function rest(workedMs: number): Promise<void> {
    const ms = Math.min(workedMs * (1 / load - 1), LONGEST_REST_MS);
    await delay(ms, undefined, options.signal ? { signal: options.signal } : {});
  }
}

/**
 * Draws the line between what the view has seen and what it has not. What it filled since it was made goes, and comes
 * again with the rest, so that a run that was cut off here begins anew.
 */
async function begin(
  { client, standStill }: BackfillOptions,
  name: string,
  fill: Fill,
): Promise<BackfillNotes> {
  return standStill(async () => {
    await client.command(`TRUNCATE TABLE ${fill.target} SYNC`);
    const [now] = await client.query<{ boundary: number }>(
      "SELECT greatest(toUnixTimestamp64Milli(now64(3, 'UTC')), (SELECT toUnixTimestamp64Milli(max(inserted_at)) FROM " +
        `${fill.isShard ? 'events_local' : 'events'})) AS boundary`,
    );
    const boundary = Number(now?.boundary ?? 0);
    const rows = await client.query<{ day: string; rows: number }>(fill.count, { params: { boundary } });
    const days: DayNote[] = rows.map(({ day, rows: events }) => ({
      day,
      rows: Number(events),
      step: DAY_STEP.planned,
    }));
    for (const day of days) await noteDay(client, name, day);
    await noteRollup(client, name, ROLLUP_STEP.filling, boundary);
    return { step: ROLLUP_STEP.filling, boundary, days };
  });
}

/** True if the day differed, and was made anew. Nothing may be inserted meanwhile. */
async function mend(
  client: WarehouseClient,
  rollup: Rollup,
  day: string,
  { isShard }: Fill,
): Promise<boolean> {
  const differences = await compareRollup(client, rollup, [day], isShard);
  if (differences.length === 0) return false;
  await rebuildPlaces(client, rollup, differences, isShard);
  return true;
}

function rollupOf(name: string): Rollup {
  // What a job fills, it fills from the beginning.
  const byViews = ROLLUPS.filter(({ filledBy }) => filledBy === 'view');
  const rollup = byViews.find((one) => one.name === name);
  if (rollup) return rollup;
  const names = byViews.map((one) => one.name).join(', ');
  throw new BackfillError(
    'unknown_rollup',
    `there is no rollup ${JSON.stringify(name)}: expected one of ${names}`,
  );
}

function sum(days: DayNote[]): number {
  return days.reduce((rows, day) => rows + day.rows, 0);
}
