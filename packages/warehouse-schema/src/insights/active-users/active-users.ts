import Type from 'typebox';
import { activePositions, activitySchema } from '../activity/active-positions.ts';
import { peopleBitmaps } from '../activity/people-bitmaps.ts';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeEvents, describeScope } from '../question/describe.ts';
import { questionFields } from '../question/question-schema.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { intervalsOf, type ShownInterval, showIntervals } from '../time/intervals.ts';

const activeUsersSchema = Type.Object(
  { ...questionFields, activity: Type.Optional(activitySchema) },
  { additionalProperties: false },
);
export type ActiveUsersQuestion = Type.Static<typeof activeUsersSchema>;

/** People active on a day, and within the 7 and 30 days that end with it. */
interface ActiveDay extends ShownInterval {
  daily: number;
  weekly: number;
  monthly: number;
  /** The share of the month's people who were active on the day; null without any. */
  dailyOfMonthly: number | null;
}

export interface ActiveUsersResult {
  days: ActiveDay[];
}

export const activeUsers: Insight<ActiveUsersQuestion, ActiveUsersResult> = {
  name: 'active-users',
  schema: activeUsersSchema,
  define: (question) =>
    [
      `People with ${describeEvents(question.activity ?? {})} on each day of the calendar, and within the 7 and the 30 days that end with it: each counted once.`,
      'The first day is a whole one, and the days before it count for the windows.',
      describeScope(question),
    ].join(' '),
  run: answerActiveUsers,
};

/** Active people by day, rolling week and rolling month: see docs/insights.md. @throws InsightError */
export function runActiveUsers(
  access: InsightAccess,
  question: ActiveUsersQuestion,
): Promise<Answer<ActiveUsersResult>> {
  return answerQuestion(activeUsers, access, question);
}

const DAY_MS = 86_400_000;
const WEEK = 7;
const MONTH = 30;

async function answerActiveUsers(
  run: InsightRun,
  { activity }: ActiveUsersQuestion,
): Promise<ActiveUsersResult> {
  const { range, zone, weekStart } = run.scope;
  const shown = intervalsOf(range, 'day', zone, weekStart, '/range');
  const [first = range.from] = shown.starts;
  const earlier = intervalsOf(
    { from: first - (MONTH + 1) * DAY_MS, to: first },
    'day',
    zone,
    weekStart,
    '/range',
  );
  const before = earlier.starts.slice(1 - MONTH);
  const bounds = [...before, ...shown.starts];
  const counted = await countActive(run, activity, bounds);
  const [daily, weekly, monthly] = counted.map((people) => people.slice(before.length));
  const days = showIntervals(shown, { ...range, from: first }, zone, run.now);
  return {
    days: days.map((day, index) => {
      const [onDay = 0, inMonth = 0] = [daily?.[index], monthly?.[index]];
      return {
        ...day,
        daily: onDay,
        weekly: weekly?.[index] ?? 0,
        monthly: inMonth,
        dailyOfMonthly: inMonth === 0 ? null : onDay / inMonth,
      };
    }),
  };
}

/** Of each day, the people active on it, and within the 7 and 30 that end with it. */
async function countActive(
  run: InsightRun,
  activity: ActiveUsersQuestion['activity'],
  bounds: readonly number[],
): Promise<number[][]> {
  const end = run.scope.range.to;
  const people = await peopleBitmaps(run, [{ events: activity ?? {}, bounds, from: bounds[0] ?? end, end }]);
  if (people) {
    const days = await run.query<Record<'daily' | 'weekly' | 'monthly', number>>(
      sqlFile('activity/bitmaps/active-users', { people }),
    );
    return (['daily', 'weekly', 'monthly'] as const).map((window) => days.map((day) => day[window]));
  }
  const positions = activePositions(run.scope, { activity, bounds, end });
  const rows = await run.query<{ position: number; gap: number; people: number }>(
    sqlFile('activity/active-users', { positions }, { longest: MONTH }),
  );
  return [1, WEEK, MONTH].map((days) => {
    const active = bounds.map(() => 0);
    for (const row of rows) {
      const last = Math.min(row.position + Math.min(row.gap, days), bounds.length);
      for (let day = row.position; day < last; day++) active[day] = (active[day] ?? 0) + row.people;
    }
    return active;
  });
}
