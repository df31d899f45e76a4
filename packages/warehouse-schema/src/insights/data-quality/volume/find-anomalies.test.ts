import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../testing/seeded-random.ts';
import { findAnomalies } from './find-anomalies.ts';
import type { Point } from './seasonal-model.ts';

const HOUR = 3_600_000;
const WEEKS = 6;
const FROM = (WEEKS - 1) * 168;
/** Quiet series of each kind. */
const SERIES = 30;
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? 20261121);

interface Kind {
  /** Events an hour. */
  mean: number;
  /** Of a negative binomial. */
  dispersion: number;
  /** How much more there is after each week. */
  growth?: number;
}

/** A series of hours with days, nights and quiet weekends. */
function quietSeries(random: () => number, { mean, dispersion, growth = 1 }: Kind): Point[] {
  const phase = random() * 24;
  return Array.from({ length: WEEKS * 168 }, (_, index) => {
    const [day, hour] = [Math.floor(index / 24), index % 24];
    const weekday = day % 7;
    const season = (1 + 0.8 * Math.sin(((hour - phase) / 12) * Math.PI)) * (weekday > 4 ? 0.5 : 1.2);
    const rate = mean * season * growth ** (index / 168);
    const varied = dispersion > 0 ? gamma(random, 1 / dispersion) * dispersion * rate : rate;
    return { start: index * HOUR, count: poisson(random, varied), length: 1, day, weekday, hour };
  });
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia and Tsang's method, for a shape of 1 and more. */
function gamma(random: () => number, shape: number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function poisson(random: () => number, mean: number): number {
  if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const bound = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > bound) {
    count++;
    product *= random();
  }
  return count;
}

const KINDS: Record<string, Kind> = {
  'one a day': { mean: 0.04, dispersion: 0 },
  'one an hour': { mean: 1, dispersion: 0 },
  'ten an hour': { mean: 10, dispersion: 0.05 },
  'hundred an hour': { mean: 100, dispersion: 0.02 },
  'ten thousand an hour': { mean: 10_000, dispersion: 0.01 },
  bursts: { mean: 50, dispersion: 0.3 },
  'growing by a quarter each week': { mean: 100, dispersion: 0.02, growth: 1.25 },
};
const judge = (points: Point[], threshold = 5) =>
  findAnomalies(points, FROM, WEEKS * 168 * HOUR, { by: 'hour', threshold });

/** `factor` times as many events in some of the judged hours. */
function change(points: Point[], from: number, hours: number, factor: number): Point[] {
  return points.map((point, index) =>
    index >= FROM + from && index < FROM + from + hours
      ? { ...point, count: Math.round(point.count * factor) }
      : point,
  );
}

describe(`volume anomalies (MILLRACE_TEST_SEED=${SEED})`, () => {
  it('are next to none in quiet series', () => {
    const random = seededRandom(SEED);
    const said: string[] = [];
    let [intervals, anomalies, gaps] = [0, 0, 0];
    for (const [name, kind] of Object.entries(KINDS)) {
      let [of4, of5] = [0, 0];
      for (let n = 0; n < SERIES; n++) {
        const points = quietSeries(random, kind);
        const { fitted, anomalies: found, gaps: holes } = judge(points);
        expect(fitted?.season).toBe('hour_of_week');
        intervals += 168;
        of5 += found.length;
        of4 += judge(points, 4).anomalies.length;
        gaps += holes.length;
      }
      anomalies += of5;
      said.push(`${name}: of ${SERIES * 168} quiet hours ${of4} beyond 4, ${of5} beyond 5`);
    }
    said.push(`in all ${anomalies} of ${intervals} hours beyond 5, ${gaps} gaps in ${intervals / 168} weeks`);
    process.stdout.write(`${said.join('\n')}\n`);
    expect(anomalies / intervals).toBeLessThan(1 / 5_000);
    expect(gaps).toBe(0);
  });

  it('are found where an hour has a tenth, or three times as much', () => {
    const random = seededRandom(SEED + 1);
    let [drops, rises] = [0, 0];
    for (let n = 0; n < 60; n++) {
      const points = quietSeries(random, { mean: 400, dispersion: 0.02 });
      const hour = Math.floor(random() * 168);
      const at = (FROM + hour) * HOUR;
      const found = (factor: number) =>
        judge(change(points, hour, 1, factor)).anomalies.find(({ start }) => start === at);
      if ((found(0.1)?.z ?? 0) < 0) drops++;
      if ((found(3)?.z ?? 0) > 0) rises++;
    }
    expect(drops).toBeGreaterThan(53);
    expect(rises).toBeGreaterThan(53);
  });

  it('leave out an outage of the history, and what comes after a lasting change', () => {
    const random = seededRandom(SEED + 2);
    const points = quietSeries(random, { mean: 400, dispersion: 0.02 });
    const outage = points.map((point, index) =>
      index >= FROM - 60 && index < FROM - 40 ? { ...point, count: 0 } : point,
    );
    expect(judge(outage)).toMatchObject({ anomalies: [], gaps: [] });
    const doubled = judge(change(points, 0, 168, 2)).anomalies.map(({ start }) => start / HOUR - FROM);
    expect(doubled.filter((hour) => hour < 72).length).toBeGreaterThan(20);
    expect(doubled.filter((hour) => hour >= 120)).toEqual([]);
  });

  it.each([
    ['hundred an hour', 100, 4],
    ['one an hour', 1, 60],
  ])('a gap of %s is one, not an anomaly for each hour', (_, mean, hours) => {
    const points = quietSeries(seededRandom(SEED + 3), { mean, dispersion: 0 });
    const { gaps, anomalies } = judge(change(points, 80, hours, 0));
    expect(anomalies).toEqual([]);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.start).toBeLessThanOrEqual((FROM + 80) * HOUR);
    expect(gaps[0]?.end).toBeGreaterThanOrEqual((FROM + 80 + hours) * HOUR);
  });

  it('young series are not judged; after five days they are by the hour of the day', () => {
    const points = quietSeries(seededRandom(SEED + 4), { mean: 400, dispersion: 0.02 });
    const young = (days: number) => {
      const history = points.slice(FROM - days * 24);
      return findAnomalies(history, days * 24, 0, { by: 'hour', threshold: 5 }).fitted?.season;
    };
    expect(young(4)).toBeUndefined();
    expect(young(6)).toBe('hour_of_day');
    expect(young(28)).toBe('hour_of_week');
  });
});
