import type { BucketRange, VariantRange } from '../bucketing.ts';
import type { Json } from '../event.ts';
import type { PatternState } from './pattern/states.ts';

/** The format of the document in this file; a document that names another is not read. */
export const DEFINITIONS_FORMAT = 1;

/** What getVariant gives whoever is not in an experiment. */
export const CONTROL = 'control';

/** Everything that an SDK needs to evaluate the flags and experiments of one project and environment. */
export interface Definitions {
  format: number;
  /** Grows with every change; exposures carry it. */
  version: number;
  environment?: string;
  flags: { [key: string]: Flag };
  experiments: { [key: string]: Experiment };
  layers?: { [key: string]: Layer };
  holdouts?: { [key: string]: Holdout };
  segments?: { [key: string]: Condition };
  /** What is known of attributes; those that clients cannot or must not have are the server's alone. */
  attributes?: { [name: string]: { serverOnly?: boolean } };
  /** Flags and experiments that a client asks the collector for, since their rules are not for clients' eyes. */
  remote?: string[];
}

/** What a flag's values are. */
export type FlagType = 'boolean' | 'string' | 'number' | 'object';

/** A typed value, decided by the first of its rules that applies; by `default`, then by the caller's fallback. */
export interface Flag {
  type: FlagType;
  /** The kill switch: false, and everybody gets the fallback. */
  enabled: boolean;
  default?: Json;
  prerequisites?: Prerequisite[];
  rules?: FlagRule[];
}

/** Gives `value`, or `values` by the variant of `experiment`, to those for whom everything that it names holds. */
export interface FlagRule extends Schedule {
  if?: Condition;
  rollout?: Rollout;
  value?: Json;
  experiment?: string;
  values?: { [variant: string]: Json };
}

/** A share of the units. */
export interface Rollout extends Traffic {
  salt: string;
  unitType?: string;
}

/** Units by their traffic bucket. A ramp widens or narrows the end as time goes by and so moves nobody. */
export interface Traffic extends BucketRange {
  ramp?: { at: Instant; end: number }[];
}

/** ISO 8601 with its zone; prepareDefinitions makes it milliseconds since 1970. */
export type Instant = string | number;

/** From when (inclusive) to when (exclusive). */
export interface Schedule {
  startsAt?: Instant;
  endsAt?: Instant;
}

/** A comparison of variants among the units of one type. */
export interface Experiment {
  /** Which id of the caller is hashed: `anonymousId` unless another is named. */
  unitType?: string;
  bucketingVersion: number;
  /** The kill switch. */
  enabled: boolean;
  /** Their variant by name, for trying it out; never an exposure. */
  forced?: { variant: string; units: string[] }[];
  prerequisites?: Prerequisite[];
  holdouts?: string[];
  /** Who may take part. */
  if?: Condition;
  /** Of those, who gets a variant without a draw. */
  targeted?: { variant: string; if: Condition }[];
  /** Whether a unit keeps the variant that it was first given. */
  sticky?: boolean;
  layer?: { key: string; ranges: BucketRange[] };
  /** In order of their numbers; the last one that has begun and not ended counts. */
  phases: Phase[];
  payloads?: { [variant: string]: Json };
}

/** A time in which the weights of an experiment stay as they are. */
export interface Phase extends Schedule {
  number: number;
  trafficSalt: string;
  variantSalt: string;
  traffic: Traffic;
  variants: VariantRange[];
  /** What a unit was given before this phase counts no longer. */
  forgetSticky?: boolean;
}

/** Experiments of a layer share out its buckets, so that a unit is in one of them at most. */
export interface Layer {
  salt: string;
  unitType?: string;
}

/** Units that are kept out of every experiment that names it. */
export interface Holdout extends BucketRange {
  salt: string;
  unitType?: string;
}

/** Another flag that must have one of `values`, or another experiment that must give one of `variants`. */
export interface Prerequisite {
  flag?: string;
  values?: Json[];
  experiment?: string;
  variants?: string[];
}

/** How an attribute is compared. Of an attribute that is a list, one element must do; one that is missing never does. */
export type Operator =
  | 'exists'
  | 'equals'
  | 'in'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'matches'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'before'
  | 'after'
  | 'semverEq'
  | 'semverLt'
  | 'semverLte'
  | 'semverGt'
  | 'semverGte';

/**
 * A question about the attributes of the caller. An empty `all` holds, an empty `any` does not. `states` is what
 * prepareDefinitions makes of the pattern of `matches`.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { segment: string }
  | Comparison;

/** A question about one attribute. */
export interface Comparison {
  attribute: string;
  op: Operator;
  value?: Json;
  states?: PatternState[];
}
