import type { Question } from './question/question-schema.ts';
import { whereSql } from './question/where-sql.ts';
import { joinSql, type Sql, sql } from './sql/sql.ts';
import { sqlFile } from './sql/sql-file.ts';
import { type Range, readRange } from './time/range.ts';
import type { RangeClock } from './time/relative-range.ts';
import { type Zone, zoneOf } from './time/zone.ts';

/** What a question is about: whose events, when, by whose clock. */
export interface Scope {
  projectId: number;
  zone: Zone;
  range: Range;
  weekStart: 'monday' | 'sunday';
  bots: boolean;
  /** Whether there are conditions, the question's or the segment's. */
  isConditional: boolean;
  /** Who did an event, as a number: an expression over `events`. */
  person: Sql;
  /** The question's conditions, and the segment's: an expression over `events`. */
  where: Sql;
  /**
   * The rows of `events` within a range (the question's, unless another is given) that meet the question's conditions;
   * `events` narrows them by the table's key, as `anyEventSql` does; `where` takes the place of the conditions.
   */
  rows(options?: { range?: Range; events?: Sql; where?: Sql }): Sql;
}

/** By which clock and calendar a question is meant. @throws InsightError when there is no such time zone. */
export function readClock({ timezone = 'UTC', weekStart = 'monday' }: Question, now: number): RangeClock {
  return { now, zone: zoneOf(timezone, '/timezone'), weekStart };
}

/** @throws InsightError when the range, the time zone or a condition makes no sense. */
export function readScope(
  question: Question,
  projectId: number,
  { now = Date.now(), segment }: { now?: number; segment?: { where: Sql } } = {},
): Scope {
  const clock = readClock(question, now);
  const { zone, weekStart } = clock;
  const range = readRange(question.range, clock, '/range');
  const where = joinSql([whereSql(question.where, '/where'), ...(segment ? [segment.where] : [])], ' AND ');
  return {
    projectId,
    zone,
    range,
    weekStart,
    bots: question.bots ?? false,
    isConditional: segment !== undefined || (question.where?.length ?? 0) > 0,
    person: sqlFile('person'),
    where,
    rows: ({ range: { from, to } = range, events = sql`true`, where: other = where } = {}) =>
      sqlFile(
        'scope',
        { bots: question.bots ? sql`true` : sql`NOT events.is_bot`, events, where: other },
        { project_id: projectId, from, to },
      ),
  };
}
