import { readyCohorts } from './cohorts/ready-cohorts.ts';
import type { Insight } from './insight.ts';
import type { InsightAccess } from './insight-access.ts';
import type { Question } from './question/question-schema.ts';
import { readQuestion } from './question/read-question.ts';
import { readClock, readScope } from './scope.ts';
import { exactIsoIn } from './time/zone.ts';

/** A question that is known to make sense. */
export interface PreparedQuestion<Q> {
  /** As it was sent, its range as two times. */
  asked: Q;
  /** The same, with the SQL of its cohorts. */
  ready: Q;
  /** [from, to), ISO 8601 in the question's time zone. */
  range: { from: string; to: string };
  /** When it was asked, Unix milliseconds. */
  now: number;
}

/**
 * Reads a question: its shape, its range at this moment, its cohorts, its conditions.
 * @throws InsightError, with the field where the question is at fault.
 */
export async function prepareQuestion<Q extends Question, R>(
  insight: Insight<Q, R>,
  access: InsightAccess,
  value: unknown,
): Promise<PreparedQuestion<Q>> {
  const read = readQuestion<Q>(insight.schema, value);
  const now = access.now?.() ?? Date.now();
  const ranged = insight.withRange?.(read, now) ?? read;
  const { range, zone } = readScope({ ...ranged, where: [] }, access.projectId, { now });
  const shown = { from: exactIsoIn(zone, range.from), to: exactIsoIn(zone, range.to) };
  const isRelative = typeof ranged.range === 'string' || 'last' in ranged.range;
  const asked = isRelative ? { ...ranged, range: shown } : ranged;
  const ready = await readyCohorts(
    asked,
    { clock: readClock(asked, now), find: access.findCohort ?? (async () => undefined) },
    { projectId: access.projectId, bots: asked.bots ?? false },
  );
  readScope(ready, access.projectId, { now });
  return { asked, ready, range: shown, now };
}
