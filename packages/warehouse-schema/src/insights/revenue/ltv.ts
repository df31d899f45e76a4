import Type from 'typebox';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { invalid } from '../insight-error.ts';
import { describeEvents, describeScope } from '../question/describe.ts';
import { questionFields } from '../question/question-schema.ts';
import { anyEventSql } from '../question/where-sql.ts';
import { sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { intervalsOf } from '../time/intervals.ts';
import { isoIn } from '../time/zone.ts';
import { noticeCurrencies, readAmounts, revenueFields } from './revenue-fields.ts';

const ltvSchema = Type.Object(
  {
    ...questionFields,
    ...revenueFields,
    cohort: Type.Optional(
      Type.Enum(['first_purchase', 'first_seen'], {
        description: 'Which first makes a person one of a cohort. Default first_purchase',
      }),
    ),
    interval: Type.Optional(Type.Enum(['day', 'week', 'month'], { description: 'Default month' })),
    periods: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'How many after the first. Default 12' }),
    ),
  },
  { additionalProperties: false },
);
export type LtvQuestion = Type.Static<typeof ltvSchema>;

interface LtvPeriod {
  /** Of the cohort's people, from its first interval to the end of this one. */
  revenue: number;
  /** By all people of the cohort; null without any. */
  perPerson: number | null;
  /** Whether it is over. */
  complete: boolean;
}

export interface LtvResult {
  cohorts: {
    /** ISO 8601 with the zone's offset. */
    start: string;
    people: number;
    /** The first is the cohort's own. */
    periods: LtvPeriod[];
  }[];
  /** Of all cohorts for which a period is complete. */
  overall: { revenue: number; people: number; perPerson: number | null }[];
}

export const ltv: Insight<LtvQuestion, LtvResult> = {
  name: 'ltv',
  schema: ltvSchema,
  define: ({ orders = {}, property = 'revenue', cohort, interval = 'month', ...question }) =>
    [
      `The sum of ${property} of ${describeEvents(orders)} from each ${interval}’s cohort, from its start on, by ${interval}.`,
      `A person is of the cohort of the first ${cohort === 'first_seen' ? 'event' : 'order'} of all time; the range says which cohorts.`,
      describeScope(question),
    ].join(' '),
  run: answerLtv,
};

/** What the people of a cohort brought in so far: see docs/insights.md. @throws InsightError */
export function runLtv(access: InsightAccess, question: LtvQuestion): Promise<Answer<LtvResult>> {
  return answerQuestion(ltv, access, question);
}

/** An interval by the calendar is no longer. */
const LONGEST_MS = { day: 2 * 86_400_000, week: 8 * 86_400_000, month: 32 * 86_400_000 };
const MAX_INTERVALS = 500;
/** Where history begins, and later than all of it. */
const [EVER, NEVER] = [0, 2 ** 52];

async function answerLtv(run: InsightRun, question: LtvQuestion): Promise<LtvResult> {
  const { interval = 'month', periods = 12, cohort = 'first_purchase' } = question;
  const { range, zone, weekStart } = run.scope;
  const intervals = (from: number, to: number) =>
    intervalsOf({ from, to }, interval, zone, weekStart, '/interval');
  const shown = intervals(range.from, range.to);
  if (shown.starts.length + periods > MAX_INTERVALS) {
    throw invalid('/interval', `with the periods there are more than ${MAX_INTERVALS}; take longer ones`);
  }
  const after = intervals(shown.end, shown.end + LONGEST_MS[interval] * (periods + 1)).starts;
  const starts = [...shown.starts, ...after.slice(0, periods)];
  const bounds = [...starts, after[periods] ?? shown.end];

  const amounts = readAmounts(question);
  const history = { from: EVER, to: bounds.at(-1) ?? range.to };
  await noticeCurrencies(run, amounts, history);
  const seen = cohort === 'first_seen';
  const slots = {
    person: run.scope.person,
    time: sql`toUnixTimestamp64Milli(events.timestamp)`,
    firsts: seen ? sql`true` : sql`(${amounts.isChosen} AND ifNull(${amounts.amount} > 0, false))`,
    choice: amounts.isChosen,
    amount: amounts.amount,
    rows: run.scope.rows({ range: history, events: anyEventSql(seen ? [{}] : [amounts.choice]) }),
  };
  const values = { bounds: [EVER, ...bounds], from: range.from, to: range.to, never: NEVER, periods };
  const rows = await run.query<{ cohort: number; people: number; revenue: number[] }>(
    sqlFile('revenue/ltv', slots, values),
  );
  // 1 is all that came before the first interval.
  const found = new Map(rows.map((row) => [row.cohort - 2, row]));
  const cohorts = shown.starts.map((start, index) => {
    const { people = 0, revenue = [] } = found.get(index) ?? {};
    const sums = cumulate(revenue, periods + 1);
    return {
      start: isoIn(zone, start),
      people,
      periods: sums.map((sum, period) => ({
        revenue: sum,
        perPerson: ratio(sum, people),
        complete: (bounds[index + period + 1] ?? Number.POSITIVE_INFINITY) <= run.now,
      })),
    };
  });
  const overall = Array.from({ length: periods + 1 }, (_, period) => {
    const complete = cohorts.filter((one) => one.periods[period]?.complete);
    const revenue = round(complete.reduce((sum, one) => sum + (one.periods[period]?.revenue ?? 0), 0));
    const people = complete.reduce((sum, one) => sum + one.people, 0);
    return { revenue, people, perPerson: ratio(revenue, people) };
  });
  return { cohorts, overall };
}

function cumulate(values: readonly number[], length: number): number[] {
  let sum = 0;
  return Array.from({ length }, (_, index) => {
    sum = round(sum + (values[index] ?? 0));
    return sum;
  });
}

/** To the millionth: amounts have fewer digits, sums of doubles noise. */
function round(value: number): number {
  const units = Math.round(value * 1e6);
  return Number.isSafeInteger(units) ? units / 1e6 : value;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
