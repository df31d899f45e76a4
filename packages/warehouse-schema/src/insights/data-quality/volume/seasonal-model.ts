import { anscombe, dispersionOf, median, rootSigma } from './robust.ts';

/** One interval of a series, with its place in the calendar of the time zone. */
export interface Point {
  /** Unix milliseconds. */
  start: number;
  count: number;
  /** Its length as a part of the usual one: a day of 23 hours has 23/24. */
  length: number;
  /** Days since an origin, by the calendar. */
  day: number;
  /** 0 to 6 from an origin, by the calendar. */
  weekday: number;
  /** 0 to 23, by the clock; 0 for days. */
  hour: number;
}

export type Season = 'hour_of_week' | 'hour_of_day' | 'weekday' | 'none';

/** What a series was expected to be at one of its points. */
interface Expected {
  expected: number;
  /** How many standard deviations the count is away, after Anscombe's root; 0 before there is a level. */
  z: number;
  /** How unlikely no event at all would be: the negative logarithm of its probability. */
  surprise: number;
}

export interface FittedSeries {
  season: Season;
  /** How many whole periods of the season the history has. */
  periods: number;
  dispersion: number;
  /** One for each point from `from` on. */
  judged: Expected[];
}

interface Shape {
  season: Season;
  /** Days that a period has. */
  days: number;
  slotOf(point: Point): number;
  slots: number;
  minPeriods: number;
}

const BY_HOURS: readonly Shape[] = [
  { season: 'hour_of_week', days: 7, slots: 168, minPeriods: 3, slotOf: (p) => p.weekday * 24 + p.hour },
  { season: 'hour_of_day', days: 1, slots: 24, minPeriods: 5, slotOf: (p) => p.hour },
];
const BY_DAYS: readonly Shape[] = [
  { season: 'weekday', days: 7, slots: 7, minPeriods: 3, slotOf: (p) => p.weekday },
  { season: 'none', days: 1, slots: 1, minPeriods: 10, slotOf: () => 0 },
];
const TRAILING_DAYS = 7;
const MIN_TRAILING_DAYS = 3;

/**
 * What the points from `from` on were expected to be, by the points before them: the profile of the season (for each
 * slot the median over the periods, each by its own level) times the level of the seven days before (the median of
 * their ratios to the profile, so that one odd day moves nothing and growth is followed). How much the series varies is
 * learned from its history, each period by the profile of the others. Undefined where the history is too short.
 */
export function fitSeries(
  points: readonly Point[],
  from: number,
  by: 'hour' | 'day',
): FittedSeries | undefined {
  const first = points[from];
  if (!first) return undefined;
  for (const shape of by === 'hour' ? BY_HOURS : BY_DAYS) {
    const periods = periodsOf(points.slice(0, from), shape, first.day);
    if (periods.length >= shape.minPeriods) return fitShape(points, from, shape, periods, first.day);
  }
  return undefined;
}

interface Period {
  number: number;
  /** Rates by slot, each as a part of the period's mean; undefined where the period has no such hour. */
  shares: (number | undefined)[];
}

/** The whole periods, counted back from the first judged day. */
function periodsOf(history: readonly Point[], shape: Shape, anchorDay: number): Period[] {
  const byNumber = new Map<number, Point[]>();
  for (const point of history) {
    const number = Math.floor((point.day - anchorDay) / shape.days);
    byNumber.set(number, [...(byNumber.get(number) ?? []), point].slice(-2 * shape.slots));
  }
  return [...byNumber].flatMap(([number, points]) => {
    // With the hour that summer time leaves out.
    if (points.length < shape.slots - 1) return [];
    const total = points.reduce((sum, { count }) => sum + count, 0);
    const length = points.reduce((sum, point) => sum + point.length, 0);
    if (total === 0) return [];
    const sums = Array.from({ length: shape.slots }, () => ({ count: 0, length: 0 }));
    for (const point of points) {
      const sum = sums[shape.slotOf(point)];
      if (!sum) continue;
      sum.count += point.count;
      sum.length += point.length;
    }
    const mean = total / length;
    const shares = sums.map((sum) => (sum.length > 0 ? sum.count / sum.length / mean : undefined));
    return [{ number, shares }];
  });
}

function profileOf(periods: readonly Period[], slots: number): number[] {
  return Array.from({ length: slots }, (_, slot) => {
    const shares = periods.flatMap(({ shares: all }) => all[slot] ?? []);
    return shares.length > 0 ? median(shares) : 1;
  });
}

function fitShape(
  points: readonly Point[],
  from: number,
  shape: Shape,
  periods: readonly Period[],
  anchorDay: number,
): FittedSeries {
  const profile = profileOf(periods, shape.slots);
  const levels = levelsOf(points, profile, shape);
  const perDay = shape.slots / shape.days;
  // What the estimates of profile and level add to the variance: that of a median is π/2 over its number of values.
  const inflation = 1 + (Math.PI / 2) * (1 / periods.length + 1 / (TRAILING_DAYS * perDay));
  const expectedBy = (point: Point, by: readonly number[]): number | undefined => {
    const level = levels.get(point.day);
    return level === undefined ? undefined : (by[shape.slotOf(point)] ?? 1) * level * point.length;
  };
  const others = new Map(
    periods.map(({ number }) => [
      number,
      profileOf(
        periods.filter((one) => one.number !== number),
        shape.slots,
      ),
    ]),
  );
  const residuals = points.slice(0, from).flatMap((point) => {
    const by = others.get(Math.floor((point.day - anchorDay) / shape.days));
    const expected = by && expectedBy(point, by);
    return expected === undefined ? [] : [{ expected, residual: anscombe(point.count) - anscombe(expected) }];
  });
  const dispersion = dispersionOf(residuals, inflation);
  const judged = points.slice(from).map((point) => {
    const expected = expectedBy(point, profile);
    if (expected === undefined) return { expected: 0, z: 0, surprise: 0 };
    const sigma = rootSigma(expected, dispersion, inflation);
    const z = (anscombe(point.count) - anscombe(expected)) / sigma;
    const surprise = dispersion > 0 ? Math.log1p(dispersion * expected) / dispersion : expected;
    return { expected, z, surprise };
  });
  return { season: shape.season, periods: periods.length, dispersion, judged };
}

/** For each day the level of the days before it: how many times the profile they had. */
function levelsOf(points: readonly Point[], profile: readonly number[], shape: Shape): Map<number, number> {
  const days: { day: number; count: number; weight: number }[] = [];
  for (const point of points) {
    const weight = (profile[shape.slotOf(point)] ?? 1) * point.length;
    const last = days.at(-1);
    if (last?.day === point.day) {
      last.count += point.count;
      last.weight += weight;
    } else days.push({ day: point.day, count: point.count, weight });
  }
  const levels = new Map<number, number>();
  days.forEach(({ day }, index) => {
    const before = days.slice(Math.max(0, index - TRAILING_DAYS), index).filter(({ weight }) => weight > 0);
    if (before.length < MIN_TRAILING_DAYS) return;
    const total = before.reduce((sum, { count }) => sum + count, 0);
    const weight = before.reduce((sum, one) => sum + one.weight, 0);
    // The median of few events a day would lean to one side; their mean does not.
    const isSparse =
      median(before.map(({ count }) => count)) < FEW_A_DAY && total < FEW_A_DAY * before.length * 4;
    levels.set(day, isSparse ? total / weight : median(before.map(({ count, weight: one }) => count / one)));
  });
  return levels;
}

const FEW_A_DAY = 10;
