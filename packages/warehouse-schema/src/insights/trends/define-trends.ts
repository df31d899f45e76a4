import { describeEvents, describeScope } from '../question/describe.ts';
import type { Series, TrendsQuestion } from './trends-question.ts';

/** What an answer of trends says, in words. */
export function defineTrends(question: TrendsQuestion): string {
  const { series, formulas = [], breakdown, interval = 'day', cumulative, compare } = question;
  const sentences = series.map(
    (one, index) =>
      `${String.fromCharCode(65 + index)}: ${describeMeasure(one)} of ${describeEvents(one)}, by ${interval}.`,
  );
  if (formulas.length > 0)
    sentences.push(
      `${formulas.map(({ expression }) => expression).join('; ')}: null where it divides by zero.`,
    );
  if (breakdown)
    sentences.push(
      `Apart for the ${breakdown.limit ?? 10} values of ${breakdown.property} with the greatest A, and the others together.`,
    );
  if (cumulative) sentences.push('Every value counts from the start of the range.');
  if (compare)
    sentences.push(
      compare === 'year'
        ? 'Beside the same dates a year before.'
        : 'Beside the range of the same length before.',
    );
  return [...sentences, describeScope(question)].join(' ');
}

function describeMeasure({ measure = 'count', property, percentile }: Series): string {
  switch (measure) {
    case 'count':
      return 'the number';
    case 'people':
      return 'the number of different people';
    case 'percentile':
      return `the ${percentile}th percentile (interpolated) of ${property}`;
    default:
      return `the ${measure} of ${property}`;
  }
}
