import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { invalid } from '../insight-error.ts';
import type { Scope } from '../scope.ts';
import { int, type Sql, sql } from '../sql/sql.ts';
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
  people: (scope, question) =>
    sql`SELECT people.person AS person FROM (${levelsOfPeople(scope, question)}) AS people WHERE ${wantedOf(question)}`,
};

/** Who did a step of a funnel, or dropped off before it: see docs/insights.md. @throws InsightError */
export function runFunnelPeople(
  access: InsightAccess,
  question: FunnelPeopleQuestion,
): Promise<Answer<FunnelPeopleResult>> {
  return answerQuestion(funnelPeople, access, question);
}

async function listPeople(run: InsightRun, question: FunnelPeopleQuestion): Promise<FunnelPeopleResult> {
  const rows = await run.query<{ person: string; level: number; times: number[] }>(
    sqlFile(
      'funnels/people',
      {
        peopleLevels: levelsOfPeople(run.scope, question),
        wanted: wantedOf(question),
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

function levelsOfPeople(scope: Scope, question: FunnelPeopleQuestion): Sql {
  return peopleSql(planFunnel(question), scope, { withTimes: true, person: sqlFile('person-name') });
}

function wantedOf(question: FunnelPeopleQuestion): Sql {
  const step = stepOf(question, question.step, '/step');
  if (question.outcome === 'reached') return sql`people.level >= ${int(step)}`;
  if (step === 1) throw invalid('/step', 'nobody drops off before the first step');
  return sql`people.level = ${int(step - 1)}`;
}
