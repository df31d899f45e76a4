import { describe, expect, it } from 'vitest';
import vectors from '../../../spec/bucketing.json' with { type: 'json' };
import {
  BUCKETING_VERSION,
  BUCKETS,
  type BucketRangeError,
  bucketOf,
  createBucketOf,
  hashUnit,
  inRange,
  validateRanges,
  variantAt,
} from './bucketing.ts';
import { createSeededRandom, freshSeed } from './testing/index.ts';

describe('bucketing', () => {
  it('is of the version of the vectors', () => {
    expect(BUCKETING_VERSION).toBe(vectors.bucketingVersion);
  });

  it.each(vectors.hash)('puts "$unit" under "$salt" into bucket $bucket', ({ salt, unit, h, bucket }) => {
    expect(hashUnit(salt, unit)).toBe(h);
    expect(bucketOf(salt, unit)).toBe(bucket);
  });

  it.each(vectors.variants)('finds variant $variant for bucket $bucket', ({ ranges, bucket, variant }) => {
    expect(variantAt(ranges, bucket) ?? null).toBe(variant);
  });

  it.each(vectors.enrolment)('gives "$unit" the variant $variant', (vector) => {
    const enrolled = inRange(vector.traffic, bucketOf(vector.trafficSalt, vector.unit));
    expect(enrolled).toBe(vector.enrolled);
    const variant = enrolled ? variantAt(vector.ranges, bucketOf(vector.variantSalt, vector.unit)) : null;
    expect(variant).toBe(vector.variant);
  });

  it('makes the bucket that 64-bit integers make, up to the last hash', () => {
    const seed = freshSeed();
    const random = createSeededRandom(seed);
    const exact = (h: number): number => Number((BigInt(h) * BigInt(BUCKETS)) >> 32n);
    const inDoubles = (h: number): number => Math.floor((h * BUCKETS) / 2 ** 32);
    for (const h of [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) expect(inDoubles(h)).toBe(exact(h));
    for (let i = 0; i < 50_000; i++) {
      const h = Math.floor(random.next() * 2 ** 32);
      expect(inDoubles(h), `seed ${seed}`).toBe(exact(h));
    }
  });

  it('is the same where what salts were made into is kept', () => {
    const keeping = createBucketOf();
    for (let turn = 0; turn < 2; turn++) {
      for (const { salt, unit, bucket } of vectors.hash) expect(keeping(salt, unit)).toBe(bucket);
    }
  });

  it('spreads units evenly over the buckets', () => {
    const tenths = new Array<number>(10).fill(0);
    const units = 100_000;
    for (let i = 0; i < units; i++) {
      const tenth = Math.floor(bucketOf('even', `user-${i}`) / (BUCKETS / 10));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Chi-squared with 9 degrees of freedom passes 27.9 once in a thousand; the units are fixed, so this is no lottery.
    const chiSquared = tenths.reduce((sum, seen) => sum + (seen - units / 10) ** 2 / (units / 10), 0);
    expect(chiSquared).toBeLessThan(27.9);
  });
});

describe('validateRanges', () => {
  it('takes sorted, disjoint ranges with gaps between them', () => {
    validateRanges([
      { start: 0, end: 10 },
      { start: 10, end: 20 },
      { start: 9000, end: BUCKETS },
    ]);
  });

  it.each([
    ['ranges[0].start', [{ start: -1, end: 5 }]],
    ['ranges[0].start', [{ start: 0.5, end: 5 }]],
    ['ranges[0].end', [{ start: 0, end: BUCKETS + 1 }]],
    ['ranges[0].end', [{ start: 5, end: 5 }]],
    ['ranges[0].end', [{ start: 0, end: Number.NaN }]],
    [
      'ranges[1].start',
      [
        { start: 0, end: 11 },
        { start: 10, end: 20 },
      ],
    ],
  ])('names %s where it is wrong', (field, ranges) => {
    expect(() => validateRanges(ranges)).toThrow(
      expect.objectContaining({ field, code: 'invalid_ranges' }) as BucketRangeError,
    );
  });
});
