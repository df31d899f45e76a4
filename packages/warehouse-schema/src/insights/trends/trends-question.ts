import Type from 'typebox';
import { invalid } from '../insight-error.ts';
import {
  breakdownFields,
  eventChoiceFields,
  intervalSchema,
  propertySchema,
  questionFields,
} from '../question/question-schema.ts';
import { type Formula, parseFormula } from './formula.ts';

const closed = { additionalProperties: false };

const seriesSchema = Type.Object(
  {
    ...eventChoiceFields,
    measure: Type.Optional(
      Type.Enum(['count', 'people', 'sum', 'average', 'min', 'max', 'percentile'], {
        description: 'Default count; people are counted once in each interval',
      }),
    ),
    property: Type.Optional(propertySchema),
    percentile: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'Such as 50 or 99.9' })),
  },
  closed,
);

export const trendsSchema = Type.Object(
  {
    ...questionFields,
    interval: Type.Optional(intervalSchema),
    series: Type.Array(seriesSchema, {
      minItems: 1,
      maxItems: 26,
      description: 'Called A, B, C … in formulas',
    }),
    formulas: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
            expression: Type.String({ minLength: 1, maxLength: 500, description: 'Such as A / B * 100' }),
          },
          closed,
        ),
        { maxItems: 20 },
      ),
    ),
    breakdown: Type.Optional(Type.Object(breakdownFields, closed)),
    compare: Type.Optional(
      Type.Enum(['previous', 'year'], {
        description:
          'Beside the range: the one of the same length before it, or the same dates a year before',
      }),
    ),
    cumulative: Type.Optional(
      Type.Boolean({ description: 'Every value is the one from the range’s start on' }),
    ),
  },
  closed,
);

export type TrendsQuestion = Type.Static<typeof trendsSchema>;
export type Series = Type.Static<typeof seriesSchema>;

const WITH_PROPERTY = ['sum', 'average', 'min', 'max', 'percentile'];

/** Checks what the schema cannot say, and reads the formulas. */
export function checkTrends({ series, formulas = [], cumulative }: TrendsQuestion): Formula[] {
  for (const [index, { measure = 'count', property, percentile }] of series.entries()) {
    const place = `/series/${index}`;
    if (WITH_PROPERTY.includes(measure) !== (property !== undefined))
      throw invalid(
        `${place}/property`,
        property === undefined ? `${measure} needs one` : `${measure} takes none`,
      );
    if ((measure === 'percentile') !== (percentile !== undefined))
      throw invalid(
        `${place}/percentile`,
        percentile === undefined ? 'is required' : `${measure} takes none`,
      );
    if (cumulative && (measure === 'average' || measure === 'percentile'))
      throw invalid('/cumulative', `${measure} (${place}) has no cumulative form`);
  }
  return formulas.map(({ expression }, index) =>
    parseFormula(expression, series.length, `/formulas/${index}/expression`),
  );
}
