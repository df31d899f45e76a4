import Type from 'typebox';
import { activePositions, activitySchema } from '../activity/active-positions.ts';
import { peopleBitmaps } from '../activity/people-bitmaps.ts';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeEvents, describeScope } from '../question/describe.ts';
import { intervalSchema, questionFields } from '../question/question-schema.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { intervalsOf } from '../time/intervals.ts';

const stickinessSchema = Type.Object(
  {
    ...questionFields,
    activity: Type.Optional(activitySchema),
    interval: Type.Optional(intervalSchema),
    minimum: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How often in one interval. Default 1' }),
    ),
  },
  { additionalProperties: false },
);
export type StickinessQuestion = Type.Static<typeof stickinessSchema>;

/** People who were active in so many intervals. */
interface StickinessBar {
  intervals: number;
  people: number;
  /** In so many or more. */
  atLeast: number;
  /** `people` of all who were active; null without any. */
  share: number | null;
}

export interface StickinessResult {
  /** Active in one interval at least. */
  people: number;
  /** From one interval to all of the range. */
  bars: StickinessBar[];
}

export const stickiness: Insight<StickinessQuestion, StickinessResult> = {
  name: 'stickiness',
  schema: stickinessSchema,
  define: ({ interval = 'day', minimum = 1, ...question }) =>
    [
      `People by in how many intervals (${interval}) of the range they had ${describeEvents(question.activity ?? {})}${minimum === 1 ? '' : `, at least ${minimum} times in each`}.`,
      describeScope(question),
    ].join(' '),
  run: answerStickiness,
};

/** On how many days, or other intervals, people did something: see docs/insights.md. @throws InsightError */
export function runStickiness(
  access: InsightAccess,
  question: StickinessQuestion,
): Promise<Answer<StickinessResult>> {
  return answerQuestion(stickiness, access, question);
}

async function answerStickiness(
  run: InsightRun,
  { activity, interval = 'day', minimum = 1 }: StickinessQuestion,
): Promise<StickinessResult> {
  const { range, zone, weekStart } = run.scope;
  const { starts } = intervalsOf(range, interval, zone, weekStart, '/interval');
  const times = { bounds: starts, from: range.from, end: range.to };
  const people = minimum === 1 ? await peopleBitmaps(run, [{ events: activity ?? {}, ...times }]) : undefined;
  const rows = await run.query<{ intervals: number; people: number }>(
    people
      ? sqlFile('activity/bitmaps/stickiness', { people })
      : sqlFile('activity/stickiness', {
          positions: activePositions(run.scope, { activity, ...times, minimum }),
        }),
  );
  const found = new Map(rows.map((row) => [row.intervals, row.people]));
  const all = rows.reduce((sum, row) => sum + row.people, 0);
  let fewer = 0;
  const bars = starts.map((_, index) => {
    const people = found.get(index + 1) ?? 0;
    const atLeast = all - fewer;
    fewer += people;
    return { intervals: index + 1, people, atLeast, share: all === 0 ? null : people / all };
  });
  return { people: all, bars };
}
