import type { bucketOf } from '../bucketing.ts';
import type { Json } from '../event.ts';
import type { Definitions } from './definitions.ts';

/** What is hashed where nothing else is named. */
export const DEFAULT_UNIT = 'anonymousId';

/** What an evaluator evaluates by. */
export interface Ground {
  definitions: Definitions;
  bucketOf: typeof bucketOf;
}

/** Why an evaluation came out as it did. Only `split`, `sticky` and `targeted` are exposures. */
export type Reason =
  | 'split' // by the unit's buckets
  | 'sticky' // what the unit was given before
  | 'targeted' // without a draw, by a rule
  | 'forced' // for trying out: by the definitions or by the page
  | 'rule' // a flag's rule without an experiment
  | 'default' // no rule of the flag applies
  | 'killed'
  | 'prerequisite'
  | 'holdout'
  | 'not_targeted'
  | 'not_in_layer'
  | 'not_in_traffic'
  | 'no_variant' // the buckets of the phase are not all given away
  | 'not_running'
  | 'no_unit'
  | 'unsupported_version'
  | 'not_found'
  | 'wrong_type'
  | 'remote' // only the collector may evaluate it
  | 'not_ready' // the definitions are not here yet
  | 'error';

/** Whose flags are evaluated. */
export interface EvaluationContext {
  /** Ids by their type: `anonymousId`, `userId` or a name of the site's own. A number counts as its decimal text. */
  units: { [type: string]: string | number | undefined };
  attributes?: { [name: string]: unknown } | undefined;
  /** Milliseconds since 1970. */
  now: number;
  /** Variants by experiment and values by flag that were set by hand, for trying out. */
  overrides?: { [key: string]: Json } | undefined;
  /** The variant that the unit was first given, and the phase of that. */
  sticky?: ((experiment: string, unit: string) => StickyAssignment | undefined) | undefined;
}

/** What a unit was first given. */
export interface StickyAssignment {
  variant: string;
  phase: number;
}

/** The variant of one experiment for one context. */
export interface Assignment {
  experiment: string;
  variant: string;
  reason: Reason;
  /** The running phase, where one was reached. */
  phase?: number | undefined;
  unit?: string | undefined;
  unitType?: string | undefined;
  bucketingVersion?: number | undefined;
  /** Whether the unit keeps what it is given: whoever evaluates without a memory passes it on to one that has it. */
  sticky?: boolean | undefined;
  payload?: Json | undefined;
}

/** The value of one flag for one context. */
export interface FlagEvaluation {
  flag: string;
  /** Missing: the caller's fallback. */
  value?: Json | undefined;
  reason: Reason;
  /** Where an experiment decided it. */
  assignment?: Assignment | undefined;
}

/** Whether its use is to be recorded: the unit takes part, and what it gets is not a trial. */
export function isExposure({ reason }: { reason: Reason }): boolean {
  return reason === 'split' || reason === 'sticky' || reason === 'targeted';
}

/** The id of a type, as it is hashed; undefined where there is none. */
export function unitOf(context: EvaluationContext, type: string): string | undefined {
  const unit = own(context.units, type);
  return typeof unit === 'number' ? String(unit) : unit || undefined;
}

/** The record's own value of a key: what its prototype has does not count. */
export function own<Value>(record: { [key: string]: Value } | undefined, key: string): Value | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
