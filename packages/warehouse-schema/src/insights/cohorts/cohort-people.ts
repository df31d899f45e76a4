import Type from 'typebox';
import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { describeScope } from '../question/describe.ts';
import { type Question, questionFields, rangeSchema } from '../question/question-schema.ts';
import type { Scope } from '../scope.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { exactIsoIn, zoneOf } from '../time/zone.ts';

const closed = { additionalProperties: false };

const cohortPeopleSchema = Type.Object(
  {
    ...questionFields,
    range: Type.Optional(rangeSchema),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many are named. Default 100' }),
    ),
  },
  closed,
);

export type CohortPeopleQuestion = Type.Static<typeof cohortPeopleSchema>;

type RangedQuestion = CohortPeopleQuestion & Pick<Question, 'range'>;

export interface CohortPeopleResult {
  /** How many there are. */
  count: number;
  /** By name, as many as were asked for. */
  people: string[];
}

export const cohortPeople: Insight<RangedQuestion, CohortPeopleResult> = {
  name: 'cohort-people',
  schema: cohortPeopleSchema,
  withRange: (question, now) => {
    const { range } = question as CohortPeopleQuestion;
    const zone = zoneOf(question.timezone ?? 'UTC', '/timezone');
    return { ...question, range: range ?? { from: '2000-01-01', to: exactIsoIn(zone, now) } };
  },
  define: (question) => `People with an event that the question is about. ${describeScope(question)}`,
  run: listPeople,
  people: peopleSql,
};

/** Who has an event that meets the conditions, a cohort among them: see docs/cohorts.md. @throws InsightError */
export function runCohortPeople(
  access: InsightAccess,
  question: CohortPeopleQuestion,
): Promise<Answer<CohortPeopleResult>> {
  return answerQuestion(cohortPeople, access, question);
}

async function listPeople(
  { query, scope }: InsightRun,
  question: RangedQuestion,
): Promise<CohortPeopleResult> {
  const people = peopleSql(scope);
  const rows = await query<{ count: number; people: string[] }>(
    sqlFile('cohorts/people-of', { people }, { limit: question.limit ?? 100 }),
  );
  return rows[0] ?? { count: 0, people: [] };
}

function peopleSql(scope: Scope): Sql {
  return sql`SELECT DISTINCT ${sqlFile('person-name')} AS person FROM events WHERE ${scope.rows()}`;
}
