import Type from 'typebox';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeScope } from '../question/describe.ts';
import { type Question, questionFields } from '../question/question-schema.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { isoIn } from '../time/zone.ts';

const { range: _range, weekStart: _weekStart, ...liveFields } = questionFields;

const liveSchema = Type.Object(
  {
    ...liveFields,
    minutes: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1440, description: 'How far back, until now. Default 30' }),
    ),
    pages: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'How many pages stand apart. Default 10' }),
    ),
  },
  { additionalProperties: false },
);
export type LiveQuestion = Type.Static<typeof liveSchema>;

type RangedQuestion = LiveQuestion & Pick<Question, 'range'>;

interface LiveFigures {
  events: number;
  people: number;
}

export interface LiveResult extends LiveFigures {
  /** Each of 60 seconds, the last one until now; `start` is ISO 8601 in the time zone, to the second. */
  minutes: (LiveFigures & { start: string })[];
  /** Where people were: events that have a path. */
  pages: { top: (LiveFigures & { path: string })[]; others: { events: number } };
}

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 30;

export const live: Insight<RangedQuestion, LiveResult> = {
  name: 'live',
  schema: liveSchema,
  withRange: ({ minutes = DEFAULT_MINUTES, ...question }, now) => ({
    ...question,
    minutes,
    range: {
      from: new Date(now - minutes * MINUTE_MS).toISOString(),
      to: new Date(now).toISOString(),
    },
  }),
  define: (question) =>
    `Events and the people of them in the last ${question.minutes ?? DEFAULT_MINUTES} minutes, by the time of the event. ${describeScope(question)}`,
  run: answerLive,
};

/** Who is here now, and where: see docs/insights.md. @throws InsightError */
export function runLive(access: InsightAccess, question: LiveQuestion): Promise<Answer<LiveResult>> {
  return answerQuestion(live, access, question);
}

interface LiveRow {
  people: number;
  row_count: number;
}

async function answerLive(run: InsightRun, { pages: limit = 10 }: RangedQuestion): Promise<LiveResult> {
  const { scope } = run;
  const { from, to } = scope.range;
  const starts = Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => from + index * MINUTE_MS);
  const slots = { rows: scope.rows(), person: scope.person };
  const rows = await run.query<LiveRow & { minute_start: number; on_pages: number }>(
    sqlFile('live/figures', slots, { starts }),
  );
  const pages = await run.query<LiveRow & { path: string }>(sqlFile('live/pages', slots, { limit }));
  const found = new Map(rows.map((row) => [row.minute_start, row]));
  const all = found.get(0);
  const top = pages.map((row) => ({ path: row.path, ...figuresOf(row) }));
  const shown = top.reduce((sum, { events }) => sum + events, 0);
  return {
    ...figuresOf(all),
    minutes: starts.map((start) => ({ start: isoIn(scope.zone, start), ...figuresOf(found.get(start)) })),
    pages: { top, others: { events: (all?.on_pages ?? 0) - shown } },
  };
}

function figuresOf({ row_count: events, people }: LiveRow = { row_count: 0, people: 0 }): LiveFigures {
  return { events, people };
}
