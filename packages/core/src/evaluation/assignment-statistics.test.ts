import { expect, it } from 'vitest';
import { BUCKETS, bucketOf } from '../bucketing.ts';
import type { Definitions, Experiment, Traffic } from './definitions.ts';
import { createEvaluator } from './evaluator.ts';

// Every unit is fixed, so that what holds here holds each time.
const UNITS = 100_000;
const unit = (i: number): string => `unit-${i}`;

function evenly(name: string, traffic: Traffic = { start: 0, end: BUCKETS }): Experiment {
  return {
    bucketingVersion: 1,
    enabled: true,
    phases: [
      {
        number: 1,
        trafficSalt: `${name}-traffic`,
        variantSalt: `${name}-variant`,
        traffic,
        variants: [
          { start: 0, end: 5000, variant: 'a' },
          { start: 5000, end: BUCKETS, variant: 'b' },
        ],
      },
    ],
  };
}

function evaluatorOf(experiments: Definitions['experiments']) {
  return createEvaluator({ format: 1, version: 1, flags: {}, experiments });
}

it('spreads a million ids evenly over all buckets', () => {
  const ids = 1_000_000;
  const seen = new Float64Array(BUCKETS);
  for (let i = 0; i < ids; i++) {
    const bucket = bucketOf('even', unit(i));
    seen[bucket] = (seen[bucket] as number) + 1;
  }
  const expected = ids / BUCKETS;
  const chiSquared = seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // About normal with mean 9999 and variance 2 * 9999: beyond four standard deviations once in 16,000.
  const z = (chiSquared - (BUCKETS - 1)) / Math.sqrt(2 * (BUCKETS - 1));
  expect(Math.abs(z)).toBeLessThan(4);
});

it('makes the variants of a hundred pairs of experiments independent', () => {
  const context = (i: number) => ({ units: { anonymousId: unit(i) }, now: 0 });
  const names = Array.from({ length: 15 }, (_, i) => `experiment-${i}`);
  const evaluator = evaluatorOf(Object.fromEntries(names.map((name) => [name, evenly(name)])));
  const sides = names.map((name) =>
    Int8Array.from({ length: UNITS }, (_, i) =>
      evaluator.assign(name, context(i)).variant === 'a' ? 1 : -1,
    ),
  );
  let pairs = 0;
  for (let left = 0; left < sides.length; left++) {
    for (let right = left + 1; right < sides.length; right++) {
      let sum = 0;
      for (let i = 0; i < UNITS; i++) sum += (sides[left]?.[i] as number) * (sides[right]?.[i] as number);
      expect(Math.abs(sum / Math.sqrt(UNITS)), `${names[left]} and ${names[right]}`).toBeLessThan(4);
      pairs++;
    }
  }
  expect(pairs).toBeGreaterThanOrEqual(100);
});

it('moves nobody in a ramp from 10 to 50 percent', () => {
  const ramp = [{ at: 1_000, end: 5000 }];
  const evaluator = evaluatorOf({ ramped: evenly('ramped', { start: 0, end: 1000, ramp }) });
  let before = 0;
  let after = 0;
  for (let i = 0; i < UNITS; i++) {
    const units = { anonymousId: unit(i) };
    const first = evaluator.assign('ramped', { units, now: 999 });
    const then = evaluator.assign('ramped', { units, now: 1_000 });
    if (first.reason === 'split') {
      before++;
      expect(then).toEqual(first);
    }
    if (then.reason === 'split') after++;
  }
  expect(before / UNITS).toBeCloseTo(0.1, 2);
  expect(after / UNITS).toBeCloseTo(0.5, 2);
});
