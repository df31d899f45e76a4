import Type from 'typebox';
import { funnelFields, stepNumber } from '../funnels/funnel-question.ts';
import { propertySchema } from '../question/question-schema.ts';

const closed = { additionalProperties: false };

export const correlationSchema = Type.Object(
  {
    ...funnelFields,
    from: Type.Optional(stepNumber('The step that people did. Default the first')),
    to: Type.Optional(stepNumber('The step that they did or did not go on to. Default the last')),
    events: Type.Optional(Type.Boolean({ description: 'Whether events are looked at. Default true' })),
    exclude: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
        maxItems: 100,
        description: 'Names of events that are not looked at, beside those of the steps',
      }),
    ),
    properties: Type.Optional(
      Type.Array(propertySchema, {
        maxItems: 10,
        description: 'Properties whose values are looked at, of any event in the time between',
      }),
    ),
    minimum: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'How many people must have done it. Default 10',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: 'How many of either kind. Default 20' }),
    ),
  },
  closed,
);

export type CorrelationQuestion = Type.Static<typeof correlationSchema>;
