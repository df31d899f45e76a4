import { answerQuestion } from '../answer-question.ts';
import type { Answer, Insight, InsightRun } from '../insight.ts';
import type { InsightAccess } from '../insight-access.ts';
import { intervalsOf, type ShownInterval, showIntervals } from '../time/intervals.ts';
import { earlierRange, type Range } from '../time/range.ts';
import { defineTrends } from './define-trends.ts';
import { measureTrends, ofNothing, topValues } from './measure-trends.ts';
import {
  type BreakdownValue,
  breakdownKey,
  calculate,
  emptyLines,
  type Measured,
  type TrendLine,
  type TrendValues,
} from './trend-lines.ts';
import { checkTrends, type TrendsQuestion, trendsSchema } from './trends-question.ts';

export interface TrendsResult {
  intervals: ShownInterval[];
  /** For each value of the breakdown: the series, then the formulas. */
  lines: TrendLine[];
}

export const trends: Insight<TrendsQuestion, TrendsResult> = {
  name: 'trends',
  schema: trendsSchema,
  define: defineTrends,
  run: answerTrends,
};

/** How often, how many people, how much, by interval: see docs/insights.md. @throws InsightError */
export function runTrends(access: InsightAccess, question: TrendsQuestion): Promise<Answer<TrendsResult>> {
  return answerQuestion(trends, access, question);
}

async function answerTrends(run: InsightRun, question: TrendsQuestion): Promise<TrendsResult> {
  const { zone, range, weekStart } = run.scope;
  const formulas = checkTrends(question);
  const intervals = (of: Range) => intervalsOf(of, question.interval ?? 'day', zone, weekStart, '/interval');
  const shown = intervals(range);
  const { starts } = shown;
  const top = await topValues(run, question);
  const now = await measureTrends(run, question, { range, starts, top });
  const earlier = question.compare && earlierRange(range, zone, question.compare);
  const before =
    earlier &&
    (await measureTrends(run, question, { range: earlier, starts: intervals(earlier).starts, top }));

  const withFormulas = (measured: Measured, key: string): TrendValues[] => {
    const series = measured.get(key) ?? emptyLines(starts.length, question.series.map(ofNothing));
    const lines = series.map((line) => fit(line, starts.length));
    return [...lines, ...formulas.map((formula) => calculate(formula, lines))];
  };
  const lines = breakdownValues(question, top, [now, before]).flatMap((breakdown) => {
    const key = breakdownKey({ other: breakdown.other ? 1 : 0, value: breakdown.value ?? '' });
    const previous = before && withFormulas(before, key);
    return withFormulas(now, key).map((line, index) => ({
      ...nameOf(question, index),
      ...(question.breakdown && { breakdown }),
      ...line,
      ...(previous?.[index] && { previous: previous[index] }),
    }));
  });
  return { intervals: showIntervals(shown, range, zone, run.now), lines };
}

/** Of a line: the series are called by letters, the formulas by their text. */
function nameOf({ series, formulas = [] }: TrendsQuestion, index: number): Pick<TrendLine, 'key' | 'name'> {
  const one = series[index];
  if (one) {
    const key = String.fromCharCode(65 + index);
    return { key, name: one.name ?? [one.event ?? 'any event'].flat().join(', ') };
  }
  const { expression = '', name = expression } = formulas[index - series.length] ?? {};
  return { key: expression, name };
}

function breakdownValues(
  { breakdown }: TrendsQuestion,
  top: string[],
  measured: (Measured | undefined)[],
): BreakdownValue[] {
  if (!breakdown) return [{ value: null, other: false }];
  const values: BreakdownValue[] = top.map((value) => ({ value: value === '' ? null : value, other: false }));
  const hasOther = measured.some((one) => one?.has('other'));
  return hasOther ? [...values, { value: null, other: true }] : values;
}

/** Of an earlier range that has fewer or more intervals, as many as the range has. */
function fit({ values, total }: TrendValues, length: number): TrendValues {
  return { values: Array.from({ length }, (_, index) => values[index] ?? null), total };
}
