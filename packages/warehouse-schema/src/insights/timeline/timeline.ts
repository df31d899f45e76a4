import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeScope } from '../question/describe.ts';
import { param, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { isoIn } from '../time/zone.ts';
import { readPlace, type TimelineQuestion, timelineSchema, writePlace } from './timeline-question.ts';

interface TimelineEvent {
  messageId: string;
  /** ISO 8601 in the time zone, to the millisecond. */
  time: string;
  event: string;
  type: string;
  /** Which of the person's ids it came under. */
  distinctId: string;
  sessionId: string;
  url: string;
  path: string;
  title: string;
  referrer: string;
  channel: string;
  deviceType: string;
  country: string;
  revenue: number;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
}

export interface TimelineResult {
  /** The person by the name that docs/people.md gives them. */
  person: string;
  events: TimelineEvent[];
  /** For `after`; null where there is no more. */
  next: string | null;
}

type TimelineRow = Omit<TimelineEvent, 'time'> & { ms: number };

export const timeline: Insight<TimelineQuestion, TimelineResult> = {
  name: 'timeline',
  schema: timelineSchema,
  define: (question) =>
    `What ${question.person} did, under any id of the same person, the ${question.order ?? 'newest'} first. ${describeScope(question)}`,
  run: answerTimeline,
};

/** One person's events in order, page by page: see docs/insights.md. @throws InsightError */
export function runTimeline(
  access: InsightAccess,
  question: TimelineQuestion,
): Promise<Answer<TimelineResult>> {
  return answerQuestion(timeline, access, question);
}

async function answerTimeline(run: InsightRun, question: TimelineQuestion): Promise<TimelineResult> {
  const { person, order = 'newest', limit = 100, after } = question;
  const { scope } = run;
  const values = { project_id: scope.projectId, person };
  const newest = order === 'newest';
  const rows = await run.query<TimelineRow>(
    sqlFile(
      'timeline/timeline',
      {
        rows: scope.rows(),
        ids: sqlFile('timeline/ids', {}, values),
        after: after === undefined ? sql`true` : followsSql(after, newest),
        order: newest ? sql`DESC` : sql`ASC`,
      },
      // One more tells whether there is a next page.
      { limit: limit + 1 },
    ),
  );
  const events = rows.slice(0, limit);
  const last = events.at(-1);
  const [{ name = person } = {}] = await run.query<{ name: string }>(sqlFile('timeline/name', {}, values));
  return {
    person: name,
    events: events.map(({ ms, ...event }) => ({ ...event, time: isoToMs(scope.zone, ms) })),
    next: last && rows.length > limit ? writePlace({ time: last.ms, messageId: last.messageId }) : null,
  };
}

function followsSql(after: string, newest: boolean) {
  const { time, messageId } = readPlace(after);
  const place = sql`(fromUnixTimestamp64Milli(${param('time', 'Int64', time)}, 'UTC'), ${param('message_id', 'String', messageId)})`;
  return newest
    ? sql`(events.timestamp, events.message_id) < ${place}`
    : sql`(events.timestamp, events.message_id) > ${place}`;
}

function isoToMs(zone: Parameters<typeof isoIn>[0], ms: number): string {
  const text = isoIn(zone, ms);
  return `${text.slice(0, 19)}.${String(ms % 1000).padStart(3, '0')}${text.slice(19)}`;
}
