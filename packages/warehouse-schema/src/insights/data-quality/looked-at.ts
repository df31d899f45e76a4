import type { InsightRun } from '../insight.ts';
import { readScope, type Scope } from '../scope.ts';
import { int, param, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { earlierRange, type Range } from '../time/range.ts';
import type { RangedQuestion } from './data-quality-question.ts';

/** One event name that is looked at. */
export interface EventTotals {
  event: string;
  now_rows: number;
  before_rows: number;
  /** The quarter of an hour of its first, and the arrival of its newest: Unix milliseconds. */
  first: number;
  last_received: number;
}

/** All events as one; `first` is 0 where there are none. */
type OverallTotals = Pick<EventTotals, 'first' | 'last_received'> & { row_count: number };

/** What every part of the answer is about. */
export interface LookedAt {
  run: InsightRun;
  question: RangedQuestion;
  range: Range;
  /** As long as the range, right before it. */
  before: Range;
  /** Without bots, unless asked. */
  scope: Scope;
  /** With bots. */
  withBots: Scope;
  events: EventTotals[];
  overall: OverallTotals;
  names: string[];
  /** The chosen events, as an expression over `events`. */
  chosen: Sql;
  /** The same for the rollup, and without bots unless asked. */
  rollup: { bots: Sql; events: Sql };
  /** One row of so many is read where a part of them will do: a whole number. */
  sample: Sql;
}

/** So many rows are read of those whose JSON, or many columns, are looked at. */
const SAMPLED_ROWS = 400_000;

/** Reads which events there are, and what their totals are. */
export async function lookAt(run: InsightRun, question: RangedQuestion): Promise<LookedAt> {
  const { scope } = run;
  const { range, zone, projectId } = scope;
  const before = earlierRange(range, zone, 'previous');
  const names = question.event === undefined ? undefined : [question.event].flat();
  const among = (column: Sql) =>
    names === undefined ? sql`true` : sql`${column} IN ${param('chosen', 'Array(String)', names)}`;
  const rollup = { bots: question.bots ? sql`true` : sql`NOT r.is_bot`, events: among(sql`r.event`) };
  const values = {
    project_id: projectId,
    from: range.from,
    to: range.to,
    baseline: before.from,
  };
  const all = await run.query<EventTotals>(sqlFile('data-quality/events', rollup, values));
  const events = all.slice(0, question.limit ?? 50);
  if (all.length > events.length) {
    run.notice(
      'events_capped',
      `Of ${all.length} events the ${events.length} with the most rows are looked at one by one.`,
    );
  }
  const overall: OverallTotals = {
    row_count: all.reduce((sum, { now_rows, before_rows }) => sum + now_rows + before_rows, 0),
    first: all.length > 0 ? Math.min(...all.map(({ first }) => first)) : 0,
    last_received: Math.max(0, ...all.map(({ last_received }) => last_received)),
  };
  const of = Math.max(1, Math.ceil(overall.row_count / SAMPLED_ROWS));
  return {
    run,
    question,
    range,
    before,
    scope,
    withBots: readScope({ ...question, bots: true }, projectId),
    events,
    overall,
    names: events.map(({ event }) => event),
    chosen: among(sql`events.event`),
    rollup,
    sample: int(of),
  };
}

/** Says that a part of the answer is of a part of the rows. */
export function noticeSample({ run, overall }: LookedAt): void {
  if (overall.row_count <= SAMPLED_ROWS) return;
  run.notice(
    'sampled',
    `Shares of columns and properties are of about ${SAMPLED_ROWS} of ${overall.row_count} rows: all rows of some ids.`,
  );
}
