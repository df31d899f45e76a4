import Type from 'typebox';
import { eventChoiceFields, questionFields } from '../question/question-schema.ts';

const { range, timezone, bots } = questionFields;

/** What may be looked at; each is a part of the answer. */
const CHECKS = [
  'freshness',
  'volume',
  'completeness',
  'schema',
  'rejected',
  'duplicates',
  'marks',
  'losses',
] as const;
export type Check = (typeof CHECKS)[number];

export const dataQualitySchema = Type.Object(
  {
    range: Type.Optional({ ...range, description: 'Default: the last seven days' }),
    timezone,
    bots,
    event: eventChoiceFields.event,
    checks: Type.Optional(
      Type.Array(Type.Enum(CHECKS), { minItems: 1, description: 'What is looked at. Default: everything' }),
    ),
    interval: Type.Optional(
      Type.Enum(['hour', 'day'], { description: 'In which volumes are counted. Default hour' }),
    ),
    threshold: Type.Optional(
      Type.Number({
        minimum: 3,
        maximum: 100,
        description: 'So many standard deviations away, a volume is an anomaly. Default 5',
      }),
    ),
    history: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 26,
        description: 'From how many weeks before the range volumes are learned. Default 5',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        description: 'How many events are looked at one by one, those with the most rows. Default 50',
      }),
    ),
  },
  { additionalProperties: false },
);

type Asked = Type.Static<typeof dataQualitySchema>;

/** What `runDataQuality` takes. */
export type DataQualityQuestion = Asked;

/** The question once its range is known. */
export type RangedQuestion = Asked & { range: NonNullable<Asked['range']> };
