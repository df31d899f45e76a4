import Type from 'typebox';
import { invalid } from '../insight-error.ts';
import { eventChoiceSchema, type IntervalUnit, questionFields } from '../question/question-schema.ts';

const closed = { additionalProperties: false };

/** Of the units, those that people come back by. */
const UNITS = ['hour', 'day', 'week', 'month'] as const;

export const retentionSchema = Type.Object(
  {
    ...questionFields,
    start: Type.Object(eventChoiceSchema.properties, {
      ...closed,
      description: 'Who does one of these is in the cohort of that interval',
    }),
    return: Type.Optional(
      Type.Object(eventChoiceSchema.properties, {
        ...closed,
        description: 'What coming back means. Default: as start',
      }),
    ),
    interval: Type.Optional(Type.Enum(UNITS, { description: 'Default day' })),
    periods: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'How many after the first. Default 14' }),
    ),
    cohort: Type.Optional(
      Type.Enum(['every_time', 'first_time', 'first_ever'], {
        description:
          'every_time (default): in every interval with a start. first_time: in that of the first start of all time. first_ever: the same, if that was the first event of its name too, whatever its conditions',
      }),
    ),
    rolling: Type.Optional(
      Type.Boolean({
        description:
          'Periods of 24 hours (week: 7 days, month: 30 days) from each person’s own start, in place of calendar ones. Default false',
      }),
    ),
    unbounded: Type.Optional(
      Type.Boolean({ description: 'Retained in a period is who came back in it or later. Default false' }),
    ),
    minimum: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, description: 'How often in one period. Default 1' }),
    ),
  },
  closed,
);

export type RetentionQuestion = Type.Static<typeof retentionSchema>;

/** The question with its defaults. @throws InsightError for what the schema cannot say. */
export function readRetention(question: RetentionQuestion) {
  const { start, interval = 'day', periods = 14, cohort = 'every_time' } = question;
  if (cohort === 'first_ever' && start.event === undefined)
    throw invalid('/start/event', 'is required: the first event of which name?');
  return {
    start,
    back: question.return ?? start,
    backPointer: question.return ? '/return' : '/start',
    interval: interval as IntervalUnit & (typeof UNITS)[number],
    periods,
    cohort,
    rolling: question.rolling ?? false,
    unbounded: question.unbounded ?? false,
    minimum: question.minimum ?? 1,
  };
}

export type ReadRetention = ReturnType<typeof readRetention>;
