import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { invalid } from '../insight-error.ts';
import { intervalsOf } from '../time/intervals.ts';
import { isoIn } from '../time/zone.ts';
import { defineRetention } from './define-retention.ts';
import { retentionByBitmaps } from './retention-by-bitmaps.ts';
import {
  type ReadRetention,
  type RetentionQuestion,
  readRetention,
  retentionSchema,
} from './retention-question.ts';
import { type CohortRow, type RetentionTimes, retentionSql } from './retention-sql.ts';

/** Of a cohort or of all of them, in one period. */
interface RetainedPeriod {
  people: number;
  /** Of the cohort; null without one. */
  share: number | null;
  /** Whether the period is over for everyone in the cohort. */
  complete: boolean;
}

export interface RetentionResult {
  cohorts: {
    /** ISO 8601 with the zone's offset. */
    start: string;
    people: number;
    /** The first is the cohort's own. */
    periods: RetainedPeriod[];
  }[];
  /** Of all cohorts for which a period is complete, weighted by their people. */
  overall: { people: number; of: number; share: number | null }[];
}

export const retention: Insight<RetentionQuestion, RetentionResult> = {
  name: 'retention',
  schema: retentionSchema,
  define: defineRetention,
  run: answerRetention,
};

/** Who comes back, by cohort and period: see docs/insights.md. @throws InsightError */
export function runRetention(
  access: InsightAccess,
  question: RetentionQuestion,
): Promise<Answer<RetentionResult>> {
  return answerQuestion(retention, access, question);
}

const DAY_MS = 86_400_000;
const PERIOD_MS = { hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
/** An interval by the calendar is no longer. */
const LONGEST_MS = { hour: 2 * 3_600_000, day: 2 * DAY_MS, week: 8 * DAY_MS, month: 32 * DAY_MS };
/** As many bits a person has. */
const MAX_INTERVALS = 256;

async function answerRetention(run: InsightRun, question: RetentionQuestion): Promise<RetentionResult> {
  const read = readRetention(question);
  const { periods, rolling } = read;
  const { times, shown } = timesOf(run, read);
  const rows = await run.query<CohortRow>(
    (await retentionByBitmaps(run, read, times, shown)) ?? retentionSql(run, read, times),
  );
  const found = new Map(rows.map((row) => [row.cohort, row]));
  const endOf = (index: number): number => times.starts[index] ?? times.end;
  const cohorts = times.starts.slice(0, shown).map((start, index) => {
    const { people = 0, retained = [] } = found.get(index) ?? {};
    const over = (period: number): number =>
      rolling
        ? Math.min(endOf(index + 1), run.scope.range.to) + times.periodMs * (period + 1)
        : endOf(index + period + 1);
    return {
      start: isoIn(run.scope.zone, start),
      people,
      periods: Array.from({ length: periods + 1 }, (_, period) => ({
        people: retained[period] ?? 0,
        share: shareOf(retained[period] ?? 0, people),
        complete: over(period) <= run.now,
      })),
    };
  });
  const overall = Array.from({ length: periods + 1 }, (_, period) => {
    const complete = cohorts.filter((cohort) => cohort.periods[period]?.complete);
    const people = complete.reduce((sum, cohort) => sum + (cohort.periods[period]?.people ?? 0), 0);
    const of = complete.reduce((sum, cohort) => sum + cohort.people, 0);
    return { people, of, share: shareOf(people, of) };
  });
  return { cohorts, overall };
}

function timesOf(
  run: InsightRun,
  { interval, periods }: ReadRetention,
): { times: RetentionTimes; shown: number } {
  const { range, zone, weekStart } = run.scope;
  const intervals = (from: number, to: number) =>
    intervalsOf({ from, to }, interval, zone, weekStart, '/interval');
  const { starts, end } = intervals(range.from, range.to);
  if (starts.length + periods > MAX_INTERVALS) {
    throw invalid(
      '/interval',
      `the range has ${starts.length} of them, which with ${periods} periods is more than ${MAX_INTERVALS}; take longer ones`,
    );
  }
  const after = intervals(end, end + LONGEST_MS[interval] * (periods + 1)).starts;
  return {
    shown: starts.length,
    times: {
      starts: [...starts, ...after.slice(0, periods)],
      end: after[periods] ?? end,
      periodMs: PERIOD_MS[interval],
    },
  };
}

function shareOf(people: number, of: number): number | null {
  return of === 0 ? null : people / of;
}
