import { BUCKETS, type BucketRange } from '@millrace/core';

/** The bucket at a share of all of them. */
export function bucketAt(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * BUCKETS);
}

/** The buckets of a range of shares. */
export function bucketsOf([start, end]: readonly [number, number]): BucketRange {
  return { start: bucketAt(start), end: bucketAt(end) };
}
