import { createSaltedHash, murmur3 } from './murmur3.ts';

/** The version of the rules in this file; an experiment that names another is not evaluated. */
export const BUCKETING_VERSION = 1;

/** Buckets are the integers `0 <= bucket < BUCKETS`. */
export const BUCKETS = 10_000;

/** The buckets `start <= bucket < end`. */
export interface BucketRange {
  start: number;
  end: number;
}

/** The buckets that get `variant`. */
export interface VariantRange extends BucketRange {
  variant: string;
}

/** Ranges that cannot be used; `field` names the bad one, as in `ranges[2].end`. */
export class BucketRangeError extends Error {
  readonly code = 'invalid_ranges';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field} ${message}`);
    this.name = 'BucketRangeError';
    this.field = field;
  }
}

/** The hash of a unit under a salt: unsigned, 32 bits. */
export function hashUnit(salt: string, unit: string): number {
  return murmur3(`${salt}:${unit}`);
}

/** The bucket of a unit under a salt, the same in the browser, in Node and in SQL. */
export function bucketOf(salt: string, unit: string): number {
  return bucketOfHash(hashUnit(salt, unit));
}

/** The same function for a few salts and many units: it keeps what the hash has made of every salt that it was given. */
export function createBucketOf(): typeof bucketOf {
  const hash = createSaltedHash();
  return (salt, unit) => bucketOfHash(hash(salt, unit));
}

function bucketOfHash(hash: number): number {
  return Math.floor((hash * BUCKETS) / 2 ** 32);
}

/** The variant whose range holds `bucket`, or undefined where no range does. */
export function variantAt(ranges: readonly VariantRange[], bucket: number): string | undefined {
  for (const range of ranges) if (inRange(range, bucket)) return range.variant;
  return undefined;
}

/** Whether `range` holds `bucket`. */
export function inRange(range: BucketRange, bucket: number): boolean {
  return bucket >= range.start && bucket < range.end;
}

/** Throws a BucketRangeError unless the ranges are integers within the buckets, not empty, sorted and disjoint. */
export function validateRanges(ranges: readonly BucketRange[], name = 'ranges'): void {
  let previousEnd = 0;
  for (const [index, { start, end }] of ranges.entries()) {
    const field = `${name}[${index}]`;
    if (!Number.isInteger(start) || start < 0) {
      throw new BucketRangeError(`${field}.start`, 'must be an integer of at least 0');
    }
    if (!Number.isInteger(end) || end > BUCKETS) {
      throw new BucketRangeError(`${field}.end`, `must be an integer of at most ${BUCKETS}`);
    }
    if (end <= start) throw new BucketRangeError(`${field}.end`, 'must be greater than start');
    if (start < previousEnd) {
      throw new BucketRangeError(`${field}.start`, 'must not lie before the end of the range before it');
    }
    previousEnd = end;
  }
}
