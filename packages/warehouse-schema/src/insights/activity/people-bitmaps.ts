import type { InsightRun } from '../insight.ts';
import type { EventChoice } from '../question/question-schema.ts';
import { anyEventSql, eventChoiceSql, eventNames } from '../question/where-sql.ts';
import { joinSql, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { type DayPieces, dayOf, dayPieces } from './day-pieces.ts';

/** Who did something when: intervals that follow one another, by where they begin (Unix milliseconds). */
export interface PeopleSet {
  events: EventChoice;
  bounds: readonly number[];
  /** What counts: [from, end). */
  from: number;
  end: number;
}

/** Where history begins. */
const EVER = 0;
/** A question by hours cuts every day. */
const MOST_CUTS = 4;
const file = (name: string, slots: Record<string, Sql> = {}, values: Record<string, unknown> = {}) =>
  sqlFile(`activity/bitmaps/${name}`, slots, values);

/**
 * The people of each interval of the sets as bitmaps, from the daily ones: see `queries/insights/activity/bitmaps`.
 * Undefined where they cannot say it, since the question has conditions, goes by parts of days or by a time zone that is
 * not kept; then `events` can.
 */
export async function peopleBitmaps(run: InsightRun, sets: readonly PeopleSet[]): Promise<Sql | undefined> {
  const { scope } = run;
  if (scope.isConditional || sets.some(({ events }) => events.where?.length)) return undefined;
  const edges = sets.flatMap(({ bounds, from, end }) => [...bounds, from, end]);
  const pieces = dayPieces(scope.zone, edges, EVER);
  if (pieces.cuts > MOST_CUTS) return undefined;
  const { moments, days } = pieces;
  const project = { project_id: scope.projectId };
  const [known] = await run.query<Known>(
    file('reached', {}, { ...project, zone: scope.zone.name, moments, days }),
  );
  if (!known?.has_zone || !known.same_days) return undefined;
  const rows = rowsSql(run, sets, pieces, known);
  return file(
    'people',
    {
      days: joinSql(
        sets.map((set, index) => daysSql(run, { ...set, index, epoch: known.epoch }, pieces)),
        UNION,
      ),
      raw: rows ? file('raw', { rows, person: file('person', {}, project) }, project) : sql``,
      every: joinSql(
        sets.map(({ bounds }, index) => file('every', {}, { set: index, intervals: bounds.length })),
        UNION,
      ),
    },
    project,
  );
}

interface Known {
  epoch: number;
  has_zone: number;
  same_days: number;
  reached: Record<string, number>;
  lacks: number;
}

const UNION = '\nUNION ALL\n';

function daysSql(
  { scope }: InsightRun,
  set: PeopleSet & { index: number; epoch: number },
  { parts }: DayPieces,
): Sql {
  const day = (ms: number) => (ms === EVER ? 0 : dayOf(scope.zone, ms));
  return file(
    'days',
    { bots: scope.bots ? sql`true` : sql`NOT d.is_bot` },
    {
      set: set.index,
      epoch: set.epoch,
      project_id: scope.projectId,
      zone: scope.zone.name,
      names: eventNames([set.events]) ?? [''],
      day_bounds: set.bounds.map(day),
      first: day(set.from),
      last: day(set.end - 1),
      part_days: parts.map((part) => part.day),
    },
  );
}

/** The rows of `events` that count and are not in the daily bitmaps, and those of the days that are cut; if there are any. */
function rowsSql(
  { scope }: InsightRun,
  sets: readonly PeopleSet[],
  { parts }: DayPieces,
  { reached, lacks }: Known,
): Sql | undefined {
  const from = Math.min(...sets.map((set) => set.from));
  const end = Math.max(...sets.map((set) => set.end));
  const events = anyEventSql(sets.map((set) => set.events));
  const places = joinSql(
    sets.map((set, index) =>
      file(
        'place',
        { events: eventChoiceSql(set.events, ''), at: sql`toUnixTimestamp64Milli(events.timestamp)` },
        { set: index, from: set.from, end: set.end, bounds: set.bounds },
      ),
    ),
  );
  const some = (range: { from: number; to: number }, condition: Sql) =>
    file('rows', { places, rows: scope.rows({ range, events }), some: condition });
  const inParts = parts
    .map((part) => ({ from: Math.max(part.from, from), to: Math.min(part.to, end) }))
    .filter((part) => part.from < part.to);
  const pieces = inParts.map((part) => some(part, sql`true`));
  if (lacks) pieces.push(some({ from, to: end }, file('lacking', {}, { reached: JSON.stringify(reached) })));
  return pieces.length === 0 ? undefined : joinSql(pieces, UNION);
}
