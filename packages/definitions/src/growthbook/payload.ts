import type { Json } from '@millrace/core';

/** What GrowthBook's API gives its SDKs. Everything may be missing or of another type: it is read with care. */
export interface Payload {
  features: { [key: string]: Feature };
  experiments: unknown[];
  savedGroups: { [id: string]: Json[] };
}

/** A feature: its rules in order, then its default. */
export interface Feature {
  defaultValue?: Json;
  rules?: FeatureRule[];
}

/** A rule: `force` gives a value, `variations` an experiment; without both it only asks for `parentConditions`. */
export interface FeatureRule {
  condition?: Json;
  parentConditions?: ParentCondition[];
  force?: Json;
  variations?: Json[];
  key?: string;
  seed?: string;
  phase?: string | number;
  hashAttribute?: string;
  coverage?: number;
  weights?: number[];
  ranges?: [number, number][];
  range?: [number, number];
  namespace?: [id: string, start: number, end: number];
  filters?: { seed: string; ranges: [number, number][]; attribute?: string }[];
  meta?: { key?: string; passthrough?: boolean }[];
  disableStickyBucketing?: boolean;
  bucketVersion?: number;
  minBucketVersion?: number;
  fallbackAttribute?: string;
  [other: string]: unknown;
}

/** Another feature whose value must answer to a condition; a `gate` that does not hold ends the whole feature. */
export interface ParentCondition {
  id: string;
  condition?: { [key: string]: Json };
  gate?: boolean;
}
