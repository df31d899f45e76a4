import { type FittedSeries, fitSeries, type Point } from './seasonal-model.ts';

/** An interval whose count was not to be expected. */
interface Anomaly {
  /** Unix milliseconds. */
  start: number;
  count: number;
  expected: number;
  /** In standard deviations; negative where events are missing. */
  z: number;
}

/** Intervals one after the other without any event, which is not to be expected of so many. */
interface Gap {
  start: number;
  /** Where the first interval with an event begins, or the judged ones end. */
  end: number;
  expected: number;
}

export interface SeriesVerdict {
  fitted: FittedSeries | undefined;
  anomalies: Anomaly[];
  gaps: Gap[];
}

/** The natural logarithm of how seldom a run without events is a gap: once in 9 million times. */
const GAP_SURPRISE = 16;

/**
 * Looks at the points from `from` on. An anomaly is `threshold` standard deviations away from what was expected; a gap is
 * a run of zeros that would come by chance once in 9 million times, so that of an event with few rows an hour it takes
 * several hours, and of one with few a week, weeks. What lies in a gap is no anomaly beside it.
 * @param end where the last interval ends, Unix milliseconds
 */
export function findAnomalies(
  points: readonly Point[],
  from: number,
  end: number,
  { by, threshold }: { by: 'hour' | 'day'; threshold: number },
): SeriesVerdict {
  const fitted = fitSeries(points, from, by);
  if (!fitted) return { fitted, anomalies: [], gaps: [] };
  const judged = points.slice(from).flatMap((point, index) => {
    const verdict = fitted.judged[index];
    return verdict ? [{ ...point, ...verdict }] : [];
  });
  const gaps: Gap[] = [];
  const inGap = new Set<number>();
  for (let begin = 0; begin < judged.length; ) {
    let stop = begin;
    while (judged[stop]?.count === 0) stop++;
    const run = judged.slice(begin, stop);
    const [first] = run;
    if (first && run.reduce((sum, { surprise }) => sum + surprise, 0) >= GAP_SURPRISE) {
      const expected = run.reduce((sum, one) => sum + one.expected, 0);
      gaps.push({ start: first.start, end: judged[stop]?.start ?? end, expected });
      for (const { start } of run) inGap.add(start);
    }
    begin = Math.max(stop, begin + 1);
  }
  const anomalies = judged
    .filter(({ z, start }) => Math.abs(z) >= threshold && !inGap.has(start))
    .map(({ start, count, expected, z }) => ({ start, count, expected, z }));
  return { fitted, anomalies, gaps };
}
