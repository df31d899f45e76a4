import Type from 'typebox';

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

/** Comparisons that must all hold; of those within an `any`, one. */
export const whereSchema = Type.Array(
  Type.Union([
    comparisonSchema,
    Type.Object({ any: Type.Array(comparisonSchema, { minItems: 1, maxItems: 50 }) }, closed),
  ]),
  { maxItems: 50, description: 'Conditions that must all hold; of an {"any": […]}, one' },
);

/** Which events: by name (one, several, or without one every event) and by conditions. */
export const eventChoiceFields = {
  name: Type.Optional(text('How the answer calls it')),
  event: Type.Optional(
    Type.Union([text('The name of an event'), Type.Array(text('A name'), { minItems: 1, maxItems: 100 })], {
      description: 'The name of an event, or several; without it, every event',
    }),
  ),
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

/** What every question has. */
export const questionFields = {
  range: Type.Object(
    {
      from: text('The first moment: 2026-11-01, 2026-11-01T08:30 (in the time zone) or 2026-11-01T08:30:00Z'),
      to: text('The first moment after it: [from, to)'),
    },
    closed,
  ),
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
export type Where = Type.Static<typeof whereSchema>;
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
