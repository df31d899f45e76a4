import Type, { type TSchema } from 'typebox';
import type { Sql } from '../sql/sql.ts';

const closed = { additionalProperties: false };
const text = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description });
const value = Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean()]);

/** How a property is compared. Text operators see `''` where a property is missing; numeric ones are then false. */
const operators = [
  'is',
  'is_not',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'not_matches',
  'lt',
  'lte',
  'gt',
  'gte',
  'is_set',
  'is_not_set',
] as const;

export const propertySchema = Type.String({
  minLength: 1,
  maxLength: 300,
  description:
    'A column of an event, such as country, or a path: properties.plan, traits.plan, context.app.name',
});

const comparisonSchema = Type.Object(
  {
    property: propertySchema,
    operator: Type.Enum(operators),
    value: Type.Optional(
      Type.Union([value, Type.Array(value, { minItems: 1, maxItems: 1000 })], {
        description: 'Several values: one of them (is, contains, …), none of them (is_not, …)',
      }),
    ),
  },
  closed,
);

const oneOf = <T extends TSchema>(one: T) =>
  Type.Object({ any: Type.Array(one, { minItems: 1, maxItems: 50 }) }, closed);

/** Comparisons that must all hold; of those within an `any`, one. */
export const comparisonWhereSchema = Type.Array(Type.Union([comparisonSchema, oneOf(comparisonSchema)]), {
  maxItems: 50,
  description: 'Comparisons that must all hold; of an {"any": […]}, one',
});

// What a cohort's definition looks like is checked by `readCohort`, since it may hold others.
const cohortConditionSchema = Type.Object(
  {
    cohort: Type.Union([text('The name of a stored cohort'), Type.Object({})], {
      description: 'A cohort: the person of the event is in it. Its schema: GET /api/cohorts',
    }),
    not: Type.Optional(Type.Boolean({ description: 'true: the person is not in it' })),
  },
  closed,
);
const conditionSchema = Type.Union([comparisonSchema, cohortConditionSchema]);

/** Conditions that must all hold; of those within an `any`, one. */
export const whereSchema = Type.Array(
  Type.Union([comparisonSchema, cohortConditionSchema, oneOf(conditionSchema)]),
  { maxItems: 50, description: 'Conditions that must all hold; of an {"any": […]}, one' },
);

export const eventNameSchema = Type.Optional(
  Type.Union([text('The name of an event'), Type.Array(text('A name'), { minItems: 1, maxItems: 100 })], {
    description: 'The name of an event, or several; without it, every event',
  }),
);

/** Which events: by name (one, several, or without one every event) and by conditions. */
export const eventChoiceFields = {
  name: Type.Optional(text('How the answer calls it')),
  event: eventNameSchema,
  where: Type.Optional(whereSchema),
};
export const eventChoiceSchema = Type.Object(eventChoiceFields, closed);

export const breakdownFields = {
  property: propertySchema,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'How many values stand apart. Default 10' }),
  ),
};

export const durationSchema = Type.Object(
  {
    value: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    unit: Type.Enum(['second', 'minute', 'hour', 'day', 'week']),
  },
  { ...closed, description: 'A length of time; a day has 24 hours' },
);

export const intervalSchema = Type.Enum(['15 minutes', 'hour', 'day', 'week', 'month', 'quarter', 'year'], {
  description: 'By the calendar and clock of the time zone',
});

export const rangeSchema = Type.Union(
  [
    Type.Object(
      {
        from: text(
          'The first moment: 2026-11-01, 2026-11-01T08:30 (in the time zone) or 2026-11-01T08:30:00Z',
        ),
        to: text('The first moment after it: [from, to)'),
      },
      closed,
    ),
    Type.Object(
      {
        last: text('Such as 30 days: by the calendar, the one that is not over yet included; 24 hours'),
        complete: Type.Optional(Type.Boolean({ description: 'Whole ones only, that are over' })),
      },
      closed,
    ),
    Type.Enum(['today', 'yesterday', 'week to date', 'month to date', 'quarter to date', 'year to date']),
  ],
  { description: 'When: two times, or in relation to the moment of the question' },
);

/** What every question has. */
export const questionFields = {
  range: rangeSchema,
  timezone: Type.Optional(text('A name of the IANA data base, such as Asia/Kathmandu. Default UTC')),
  weekStart: Type.Optional(Type.Enum(['monday', 'sunday'], { description: 'Default monday' })),
  bots: Type.Optional(Type.Boolean({ description: 'Whether bots count. Default false' })),
  where: Type.Optional(whereSchema),
  segments: Type.Optional(
    Type.Array(Type.Object({ name: text('The name of the segment'), where: whereSchema }, closed), {
      minItems: 1,
      maxItems: 10,
      description: 'The question is answered once for each: of the rows that meet its conditions too',
    }),
  ),
};

const questionSchema = Type.Object(questionFields);

/** What every question has. */
export type Question = Type.Static<typeof questionSchema>;
export type Comparison = Type.Static<typeof comparisonSchema>;
/** A condition on people; `members` is set once the cohort is read. */
export type CohortCondition = Type.Static<typeof cohortConditionSchema> & { members?: Sql };
export type Where = Type.Static<typeof whereSchema>;
export type RangeQuestion = Type.Static<typeof rangeSchema>;
export type EventChoice = Type.Static<typeof eventChoiceSchema>;
export type Duration = Type.Static<typeof durationSchema>;
export type IntervalUnit = Type.Static<typeof intervalSchema>;

const UNIT_MS: Record<Duration['unit'], number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** A duration in milliseconds. */
export function durationMs({ value: count, unit }: Duration): number {
  return count * UNIT_MS[unit];
}
