import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { invalid } from '../insight-error.ts';
import { int, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { isoIn } from '../time/zone.ts';
import { defineFunnelPeople } from './define-funnels.ts';
import { planFunnel, stepOf } from './funnel-plan.ts';
import { type FunnelPeopleQuestion, funnelPeopleSchema } from './funnel-question.ts';
import { peopleSql } from './people-sql.ts';

export interface FunnelPeopleResult {
  people: {
    /** The person, by the name that docs/people.md gives them. */
    person: string;
    /** How many of the steps that must be done they did. */
    steps: number;
    /** When they entered, ISO 8601 in the time zone. */
    entered: string;
  }[];
}

export const funnelPeople: Insight<FunnelPeopleQuestion, FunnelPeopleResult> = {
  name: 'funnel-people',
  schema: funnelPeopleSchema,
  define: defineFunnelPeople,
  run: listPeople,
};

/** Who did a step of a funnel, or dropped off before it: see docs/insights.md. @throws InsightError */
export function runFunnelPeople(
  access: InsightAccess,
  question: FunnelPeopleQuestion,
): Promise<Answer<FunnelPeopleResult>> {
  return answerQuestion(funnelPeople, access, question);
}

async function listPeople(run: InsightRun, question: FunnelPeopleQuestion): Promise<FunnelPeopleResult> {
  const step = stepOf(question, question.step, '/step');
  const dropped = question.outcome === 'dropped';
  if (dropped && step === 1) throw invalid('/step', 'nobody drops off before the first step');
  const rows = await run.query<{ person: string; level: number; times: number[] }>(
    sqlFile(
      'funnels/people',
      {
        peopleLevels: peopleSql(planFunnel(question), run.scope, { withTimes: true }),
        wanted: dropped ? sql`people.level = ${int(step - 1)}` : sql`people.level >= ${int(step)}`,
      },
      { limit: question.limit ?? 100 },
    ),
  );
  const people = rows.map(({ person, level, times }) => ({
    person,
    steps: level,
    entered: isoIn(run.scope.zone, times[0] ?? 0),
  }));
  return { people };
}
