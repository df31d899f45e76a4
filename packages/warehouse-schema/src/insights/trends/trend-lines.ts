import type { Formula } from './formula.ts';

/** A value of the breakdown: null where it is not set, `other` for all that do not stand apart. */
export interface BreakdownValue {
  value: string | null;
  other: boolean;
}

export interface TrendValues {
  /** One for each interval. */
  values: (number | null)[];
  /** Over the whole range: people are counted once, so this is no sum. */
  total: number | null;
}

/** One line of the chart. */
export interface TrendLine extends TrendValues {
  /** The series' letter, or of a formula its text. */
  key: string;
  name: string;
  breakdown?: BreakdownValue;
  previous?: TrendValues;
}

/** A row of the queries in `queries/insights/trends`. */
export interface MeasuredRow {
  other: number;
  value: string;
  /** Unix milliseconds; 0: over the whole range. */
  interval_start: number;
  measures: (number | null)[];
}

/** For each value of the breakdown, the values of each series. */
export type Measured = Map<string, TrendValues[]>;

export const breakdownKey = ({ other, value }: Pick<MeasuredRow, 'other' | 'value'>): string =>
  other ? 'other' : `=${value}`;

/** Puts rows in their places; a place without a row has what a series has of nothing. */
export function arrange(
  rows: readonly MeasuredRow[],
  starts: readonly number[],
  empty: readonly (number | null)[],
): Measured {
  const positions = new Map(starts.map((start, index) => [start, index]));
  const measured: Measured = new Map();
  for (const row of rows) {
    const key = breakdownKey(row);
    const lines = measured.get(key) ?? emptyLines(starts.length, empty);
    measured.set(key, lines);
    for (const [index, line] of lines.entries()) {
      const value = row.measures[index] ?? null;
      if (row.interval_start === 0) line.total = value;
      else line.values[positions.get(row.interval_start) ?? -1] = value;
    }
  }
  return measured;
}

export function emptyLines(length: number, empty: readonly (number | null)[]): TrendValues[] {
  return empty.map((value) => ({ values: Array.from({ length }, () => value), total: value }));
}

/** Each value with all that came before it. */
export function accumulate(line: TrendValues, measure: 'sum' | 'min' | 'max'): TrendValues {
  let so: number | null = measure === 'sum' ? 0 : null;
  const values = line.values.map((value) => {
    if (value === null || so === null) so = value ?? so;
    else so = measure === 'sum' ? so + value : Math[measure](so, value);
    return so;
  });
  return { values, total: line.total };
}

/** A formula over the lines of the series, place by place. */
export function calculate(formula: Formula, lines: readonly TrendValues[]): TrendValues {
  const length = lines[0]?.values.length ?? 0;
  return {
    values: Array.from({ length }, (_, index) => formula(lines.map(({ values }) => values[index] ?? null))),
    total: formula(lines.map(({ total }) => total)),
  };
}
