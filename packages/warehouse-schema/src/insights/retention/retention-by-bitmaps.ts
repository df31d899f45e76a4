import { type PeopleSet, peopleBitmaps } from '../activity/people-bitmaps.ts';
import type { InsightRun } from '../insight.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { ReadRetention } from './retention-question.ts';
import type { RetentionTimes } from './retention-sql.ts';

/** Where history begins. */
const EVER = 0;

/**
 * The query of a question from the daily bitmaps; undefined where they cannot say it. They know who did something on a
 * day, and neither how often nor when. Without conditions, the first of all is the first of its name too.
 */
export async function retentionByBitmaps(
  run: InsightRun,
  { start, back, cohort, rolling, unbounded, periods, minimum, interval }: ReadRetention,
  { starts: begins, end }: RetentionTimes,
  cohorts: number,
): Promise<Sql | undefined> {
  if (rolling || minimum > 1 || interval === 'hour') return undefined;
  const { range } = run.scope;
  const isFirst = cohort !== 'every_time';
  const bounds = [...(isFirst ? [EVER] : []), range.from, ...begins.slice(1, cohorts)];
  const starting: PeopleSet = { events: start, bounds, from: bounds[0] ?? range.from, end: range.to };
  const returning: PeopleSet = { events: back, bounds: begins, from: begins[0] ?? range.from, end };
  const people = await peopleBitmaps(run, [starting, returning]);
  if (!people) return undefined;
  const starters = isFirst
    ? sql`bitmapAndnot(people, groupBitmapMergeState(people) OVER (PARTITION BY set ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))`
    : sql`people`;
  const returned = unbounded
    ? sql`groupBitmapMergeState(r.2) OVER (PARTITION BY s.1 ORDER BY r.1 DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
    : sql`r.2`;
  const values = { first: isFirst ? 1 : 0, periods };
  return sqlFile('activity/bitmaps/retention', { people, starters, returned }, values);
}
