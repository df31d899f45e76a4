import Type from 'typebox';
import {
  breakdownFields,
  durationSchema,
  eventChoiceFields,
  intervalSchema,
  questionFields,
} from '../question/question-schema.ts';

const closed = { additionalProperties: false };
/** The number of a step. */
export const stepNumber = (description: string) => Type.Integer({ minimum: 1, maximum: 12, description });

/** What says which funnel it is. */
export const funnelFields = {
  ...questionFields,
  steps: Type.Array(
    Type.Object(
      {
        ...eventChoiceFields,
        optional: Type.Optional(
          Type.Boolean({ description: 'Counted among those who did the step before; who skips it goes on' }),
        ),
        within: Type.Optional(durationSchema),
      },
      closed,
    ),
    { minItems: 1, maxItems: 12 },
  ),
  order: Type.Optional(
    Type.Enum(['ordered', 'strict', 'unordered'], {
      description:
        'ordered: other events may come between; strict: none may; unordered: any order. Default ordered',
    }),
  ),
  window: Type.Optional(durationSchema),
  exclusions: Type.Optional(
    Type.Array(
      Type.Object(
        {
          ...eventChoiceFields,
          after: Type.Optional(stepNumber('A step, from 1. Default the first; none in unordered funnels')),
          before: Type.Optional(stepNumber('A later step. Default the last; none in unordered funnels')),
        },
        closed,
      ),
      { maxItems: 10, description: 'Who did this between the two steps leaves the funnel' },
    ),
  ),
};

export const funnelsSchema = Type.Object(
  {
    ...funnelFields,
    breakdown: Type.Optional(
      Type.Object(
        {
          ...breakdownFields,
          attribution: Type.Optional(
            Type.Enum(['first', 'last', 'step'], {
              description:
                'Whose value counts: of the person’s first or last row of the funnel, or of the row of a step',
            }),
          ),
          step: Type.Optional(stepNumber('With attribution step. Default 1')),
        },
        closed,
      ),
    ),
    interval: Type.Optional(intervalSchema),
    timeToConvert: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(stepNumber('Default the first')),
          to: Type.Optional(stepNumber('Default the last')),
          bins: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Default 20' })),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const funnelPeopleSchema = Type.Object(
  {
    ...funnelFields,
    step: stepNumber('Of the steps, from 1'),
    outcome: Type.Enum(['reached', 'dropped'], {
      description: 'reached: who did the step; dropped: who did the step before it and never this one',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Default 100' })),
  },
  closed,
);

export type FunnelsQuestion = Type.Static<typeof funnelsSchema>;
export type FunnelPeopleQuestion = Type.Static<typeof funnelPeopleSchema>;
/** What says which funnel it is. */
export type FunnelFields = Omit<FunnelPeopleQuestion, 'step' | 'outcome' | 'limit'>;
