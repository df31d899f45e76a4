import Type from 'typebox';
import {
  comparisonWhereSchema,
  eventChoiceFields,
  eventNameSchema,
  rangeSchema,
} from '../question/question-schema.ts';

const closed = { additionalProperties: false };
const times = (description: string, minimum: number) =>
  Type.Optional(Type.Integer({ minimum, maximum: 1_000_000, description }));
const inner = (description: string) => Type.Unknown({ description });

const choiceSchema = Type.Object(
  { name: eventChoiceFields.name, event: eventNameSchema, where: Type.Optional(comparisonWhereSchema) },
  closed,
);

/** Each kind of a cohort, by the field that tells it from the others. */
export const COHORT_SCHEMAS = {
  did: Type.Object(
    {
      did: choiceSchema,
      atLeast: times('So often or more. Default 1', 1),
      atMost: times('So often or less, also never', 0),
      exactly: times('So often', 0),
      range: Type.Optional(rangeSchema),
    },
    { ...closed, description: 'Who did it so often within the range; without one, ever' },
  ),
  firstDid: Type.Object(
    { firstDid: choiceSchema, range: rangeSchema },
    { ...closed, description: 'Who did it for the first time of all history within the range' },
  ),
  people: Type.Object(
    { people: Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), { maxItems: 1000 }) },
    { ...closed, description: 'These, by any of their ids' },
  ),
  all: Type.Object({ all: Type.Array(inner('A cohort'), { minItems: 1, maxItems: 20 }) }, closed),
  any: Type.Object({ any: Type.Array(inner('A cohort'), { minItems: 1, maxItems: 20 }) }, closed),
  not: Type.Object({ not: inner('A cohort') }, closed),
  cohort: Type.Object({ cohort: Type.String({ description: 'The name of a stored cohort' }) }, closed),
  // A stored list: how many ids it holds, and what it was made of.
  list: Type.Object(
    {
      list: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
      ids: Type.Integer(),
      from: Type.Optional(Type.Unknown()),
    },
    closed,
  ),
};

/** What a cohort's definition looks like, for those who ask `GET /api/cohorts`. */
export const cohortSchema = Type.Union(
  [
    COHORT_SCHEMAS.did,
    COHORT_SCHEMAS.firstDid,
    COHORT_SCHEMAS.people,
    COHORT_SCHEMAS.all,
    COHORT_SCHEMAS.any,
    COHORT_SCHEMAS.not,
    COHORT_SCHEMAS.cohort,
  ],
  { description: 'Which people' },
);
