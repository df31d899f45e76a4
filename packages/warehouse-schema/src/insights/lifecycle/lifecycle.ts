import Type from 'typebox';
import { activePositions, activitySchema } from '../activity/active-positions.ts';
import { peopleBitmaps } from '../activity/people-bitmaps.ts';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeEvents, describeScope } from '../question/describe.ts';
import { intervalSchema, questionFields } from '../question/question-schema.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { intervalsOf, type ShownInterval, showIntervals } from '../time/intervals.ts';

const lifecycleSchema = Type.Object(
  { ...questionFields, activity: Type.Optional(activitySchema), interval: Type.Optional(intervalSchema) },
  { additionalProperties: false },
);
export type LifecycleQuestion = Type.Static<typeof lifecycleSchema>;

/** `new`, `returning` and `resurrecting` are all who were active; `dormant` were so in the interval before alone. */
interface LifecycleInterval extends ShownInterval {
  new: number;
  returning: number;
  resurrecting: number;
  dormant: number;
}

export interface LifecycleResult {
  intervals: LifecycleInterval[];
}

export const lifecycle: Insight<LifecycleQuestion, LifecycleResult> = {
  name: 'lifecycle',
  schema: lifecycleSchema,
  define: ({ interval = 'day', ...question }) =>
    [
      `Active is who has ${describeEvents(question.activity ?? {})} in the interval (${interval}).`,
      'New: for the first time of all. Returning: in the interval before too. Resurrecting: not in the one before, but earlier. Dormant: in the one before, and not in this one.',
      'The first interval is a whole one.',
      describeScope(question),
    ].join(' '),
  run: answerLifecycle,
};

/** Who is new, comes back or stays away, by interval: see docs/insights.md. @throws InsightError */
export function runLifecycle(
  access: InsightAccess,
  question: LifecycleQuestion,
): Promise<Answer<LifecycleResult>> {
  return answerQuestion(lifecycle, access, question);
}

/** Where history begins. */
const EVER = 0;

async function answerLifecycle(
  run: InsightRun,
  { activity, interval = 'day' }: LifecycleQuestion,
): Promise<LifecycleResult> {
  const { range, zone, weekStart } = run.scope;
  const intervals = (from: number, to: number) =>
    intervalsOf({ from, to }, interval, zone, weekStart, '/interval');
  const shown = intervals(range.from, range.to);
  const [first = range.from] = shown.starts;
  const [before = first] = intervals(first - 1, first).starts;
  // 0 is all that came before those, 1 the interval before the first.
  const bounds = [EVER, before, ...shown.starts];
  const times = { bounds, end: range.to };
  const people = await peopleBitmaps(run, [{ events: activity ?? {}, ...times, from: EVER }]);
  const rows = await run.query<LifecycleRow>(
    people
      ? sqlFile('activity/bitmaps/lifecycle', { people })
      : sqlFile('activity/lifecycle', { positions: activePositions(run.scope, { activity, ...times }) }),
  );
  const found = new Map(rows.map((row) => [row.position, row]));
  const days = showIntervals(shown, { ...range, from: first }, zone, run.now);
  return {
    intervals: days.map((day, index) => {
      const { people = 0, new_people = 0, returning_people = 0 } = found.get(index + 2) ?? {};
      return {
        ...day,
        new: new_people,
        returning: returning_people,
        resurrecting: people - new_people - returning_people,
        dormant: (found.get(index + 1)?.people ?? 0) - returning_people,
      };
    }),
  };
}

interface LifecycleRow {
  position: number;
  people: number;
  new_people: number;
  returning_people: number;
}
