import Type from 'typebox';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeScope } from '../question/describe.ts';
import { intervalSchema, questionFields } from '../question/question-schema.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { intervalsOf, type ShownInterval, showIntervals } from '../time/intervals.ts';
import {
  type FiguresRow,
  figuresOf,
  pagesOf,
  type SessionFigures,
  type SessionPages,
} from './session-figures.ts';
import { sessionsSql } from './sessions-sql.ts';

const sessionsSchema = Type.Object(
  {
    ...questionFields,
    interval: Type.Optional(intervalSchema),
    pages: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'How many entry and exit pages stand apart. Default 10',
      }),
    ),
  },
  { additionalProperties: false },
);
export type SessionsQuestion = Type.Static<typeof sessionsSchema>;

export interface SessionsResult {
  intervals: (ShownInterval & SessionFigures)[];
  total: SessionFigures;
  entryPages: SessionPages;
  exitPages: SessionPages;
}

export const sessions: Insight<SessionsQuestion, SessionsResult> = {
  name: 'sessions',
  schema: sessionsSchema,
  define: ({ interval = 'day', ...question }) =>
    [
      `Sessions by the interval (${interval}) in which they begin, each with all its events, if one of them meets the conditions.`,
      'The session id that the client sent, or else a device’s events with pauses of 30 minutes at most, cut every 24 hours.',
      'Duration: from the first event to the last. Bounce: one page at most, and nothing done on it.',
      describeScope(question),
    ].join(' '),
  run: answerSessions,
};

/** How many sessions, how long, where they begin and end: see docs/insights.md. @throws InsightError */
export function runSessions(
  access: InsightAccess,
  question: SessionsQuestion,
): Promise<Answer<SessionsResult>> {
  return answerQuestion(sessions, access, question);
}

async function answerSessions(
  run: InsightRun,
  { interval = 'day', bots = false, pages: limit = 10 }: SessionsQuestion,
): Promise<SessionsResult> {
  const { range, zone, weekStart } = run.scope;
  const shown = intervalsOf(range, interval, zone, weekStart, '/interval');
  const most = Math.max(shown.starts.length, limit);
  const rows = await run.query<FiguresRow>(
    sqlFile('sessions/figures', { sessions: sessionsSql(run.scope, bots) }, { starts: shown.starts, most }),
  );
  const found = new Map(
    rows.filter(({ side }) => side === 'interval').map((row) => [row.interval_start, row]),
  );
  const total = figuresOf(rows.find(({ side }) => side === 'total'));
  return {
    intervals: showIntervals(shown, range, zone, run.now).map((one, index) => ({
      ...one,
      ...figuresOf(found.get(shown.starts[index] ?? -1)),
    })),
    total,
    entryPages: pagesOf(rows, 'entry', limit, total),
    exitPages: pagesOf(rows, 'exit', limit, total),
  };
}
