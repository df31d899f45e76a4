import type { WarehouseClient } from '../client.ts';

/**
 * How far each rollup that came later than its events is filled; on each server or shard by itself. A note is never taken
 * back: of the same rollup and day the greatest step counts, so that notes may be repeated in any order. The day
 * 1970-01-01 is the rollup as a whole.
 */
export const BACKFILL_NOTES = `CREATE TABLE IF NOT EXISTS rollup_backfills
(
    rollup    String,
    day       Date,
    step      UInt8,
    events    UInt64,
    boundary  DateTime64(3, 'UTC'),
    noted_at  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(step)
ORDER BY (rollup, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** Of a rollup as a whole: it has to be filled; it is being filled; every day of it is. */
export const ROLLUP_STEP = { pending: 1, filling: 2, complete: 3 } as const;
/** Of a day: it is to be filled; it was begun, and may be filled in part; it is filled and compared. */
export const DAY_STEP = { planned: 1, begun: 2, done: 3 } as const;

const WHOLE = '1970-01-01';

export interface DayNote {
  /** UTC, `2026-11-21`. */
  day: string;
  step: number;
  /** Events of the day that were there when it was planned. */
  rows: number;
}

export interface BackfillNotes {
  /** 0 for a rollup that has seen every event by its view. */
  step: number;
  /** Events that were inserted after it the view has seen; Unix milliseconds. */
  boundary: number;
  days: DayNote[];
}

const READ = `
SELECT toString(day) AS day, max(n.step) AS step, max(n.events) AS rows, toUnixTimestamp64Milli(argMax(n.boundary, n.step)) AS boundary
FROM rollup_backfills AS n WHERE n.rollup = {rollup:String} GROUP BY day ORDER BY day`;

/** What is noted of a rollup. */
export async function readNotes(client: WarehouseClient, rollup: string): Promise<BackfillNotes> {
  const rows = await client.query<DayNote & { boundary: number }>(READ, { params: { rollup } });
  const whole = rows.find(({ day }) => day === WHOLE);
  return {
    step: whole?.step ?? 0,
    boundary: Number(whole?.boundary ?? 0),
    days: rows
      .filter(({ day }) => day !== WHOLE)
      .map(({ day, step, rows: events }) => ({ day, step, rows: Number(events) })),
  };
}

const NOTE = `
INSERT INTO rollup_backfills (rollup, day, step, events, boundary)
SELECT {rollup:String}, {day:Date}, {step:UInt8}, {rows:UInt64}, fromUnixTimestamp64Milli({boundary:Int64}, 'UTC')`;

/** Notes how far a rollup as a whole is. */
export function noteRollup(
  client: WarehouseClient,
  rollup: string,
  step: number,
  boundary = 0,
): Promise<void> {
  return client.command(NOTE, { params: { rollup, day: WHOLE, step, rows: 0, boundary } });
}

/** Notes how far a day of it is. */
export function noteDay(
  client: WarehouseClient,
  rollup: string,
  { day, step, rows }: DayNote,
): Promise<void> {
  return client.command(NOTE, { params: { rollup, day, step, rows, boundary: 0 } });
}

/** The rollups that are not complete, by name. */
export async function unfilledRollups(client: WarehouseClient): Promise<string[]> {
  const rows = await client.query<{ rollup: string }>(
    `SELECT n.rollup AS rollup FROM rollup_backfills AS n WHERE n.day = {day:Date}
     GROUP BY n.rollup HAVING max(n.step) < {complete:UInt8} ORDER BY n.rollup`,
    { params: { day: WHOLE, complete: ROLLUP_STEP.complete } },
  );
  return rows.map(({ rollup }) => rollup);
}
