import type { InsightRun } from '../insight.ts';
import { anyEventSql, eventChoiceSql } from '../question/where-sql.ts';
import { joinSql, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { ReadRetention } from './retention-question.ts';

/** The intervals that may be cohorts and those after them, and when the last one ends. */
export interface RetentionTimes {
  starts: number[];
  end: number;
  /** Of a rolling period, in milliseconds. */
  periodMs: number;
}

/** What the queries answer of a cohort: its interval's number, and who was retained from the first period on. */
export interface CohortRow {
  cohort: number;
  people: number;
  retained: number[];
}

/** Where history begins. */
const EVER = 0;

/** The query of a question: see `queries/insights/retention`. */
export function retentionSql(run: InsightRun, question: ReadRetention, times: RetentionTimes): Sql {
  const { range, person } = run.scope;
  const { start, back, backPointer, cohort, rolling, unbounded, periods, minimum } = question;
  const { starts: begins, end, periodMs } = times;
  const form = rolling ? 'rolling' : 'calendar';
  const isFirst = cohort !== 'every_time';
  const candidate = cohort === 'first_ever' ? named(start) : start;
  const at = sql`toUnixTimestamp64Milli(events.timestamp)`;
  const starts = eventChoiceSql(start, '/start');
  const returns = eventChoiceSql(back, backPointer);
  const candidates = eventChoiceSql(candidate, '/start');
  const values = { bounds: [EVER, ...begins, end], from: range.from, to: range.to, minimum, periods };
  const people = sqlFile(
    'retention/people',
    {
      person,
      at,
      starts,
      any: joinSql([candidates, returns], ' OR '),
      rows: run.scope.rows({
        range: {
          from: isFirst ? EVER : (begins[0] ?? range.from),
          to: rolling ? range.to + periodMs * (periods + 1) : end,
        },
        events: anyEventSql([candidate, back]),
      }),
      anchors: sqlFile(`retention/${isFirst ? 'first' : 'every'}-anchor`, {}, values),
      firsts: isFirst ? sqlFile('retention/firsts', { at, starts, candidates }) : sql`0 AS all_started`,
      returned: rolling ? sql`groupArrayIf(${at}, ${returns})` : sql`countIf(${returns})`,
      returns_of_person: rolling
        ? sql`groupArrayArray(returned)`
        : sqlFile('retention/calendar-returns', {}, values),
    },
    values,
  );
  const retained = sqlFile(`retention/${form}-${unbounded ? 'since' : 'in'}-period`, {}, values);
  return sqlFile(`retention/${form}`, { people, retained }, { periods, length: periodMs });
}

/** The same events, whatever their properties. */
function named({ event }: ReadRetention['start']): ReadRetention['start'] {
  return event === undefined ? {} : { event };
}
