import { BUCKETING_VERSION, type BucketRange, inRange, variantAt } from '../bucketing.ts';
import { holds, type Subject } from './condition.ts';
import { CONTROL, type Experiment, type Phase } from './definitions.ts';
import {
  type Assignment,
  DEFAULT_UNIT,
  type EvaluationContext,
  type Ground,
  own,
  type Reason,
  type StickyAssignment,
  unitOf,
} from './evaluation.ts';
import { isInTraffic, isRunning } from './traffic.ts';

/** The variant of one experiment. Throws where the definitions cannot be understood. */
export function assignVariant(
  key: string,
  experiment: Experiment,
  ground: Ground,
  context: EvaluationContext,
  prerequisitesMet: () => boolean,
): Assignment {
  const { unitType = DEFAULT_UNIT, bucketingVersion, phases, payloads, sticky } = experiment;
  const unit = unitOf(context, unitType);
  let phase: Phase | undefined;
  for (const one of phases) if (isRunning(one, context.now)) phase = one;
  const assignment: Assignment = {
    experiment: key,
    variant: CONTROL,
    reason: 'error',
    phase: phase?.number,
    unit,
    unitType,
    bucketingVersion,
    sticky,
    payload: undefined,
  };
  assignment.reason = decide(assignment, experiment, phase, ground, context, prerequisitesMet);
  assignment.payload = own(payloads, assignment.variant);
  return assignment;
}

/** Puts the variant into `assignment`, except for whoever is kept out, and says why. */
function decide(
  assignment: Assignment,
  experiment: Experiment,
  phase: Phase | undefined,
  ground: Ground,
  context: EvaluationContext,
  prerequisitesMet: () => boolean,
): Reason {
  const { experiment: key, unit } = assignment;
  const give = (variant: string | undefined, reason: Reason): Reason => {
    if (variant !== undefined) assignment.variant = variant;
    return reason;
  };
  if (!experiment.enabled) return 'killed';
  if (experiment.bucketingVersion !== BUCKETING_VERSION) return 'unsupported_version';
  const forced =
    own(context.overrides, key) ??
    experiment.forced?.find(({ units }) => units.includes(unit as string))?.variant;
  if (typeof forced === 'string') return give(forced, 'forced');
  if (!unit) return 'no_unit';
  if (!phase) return 'not_running';
  if (!prerequisitesMet()) return 'prerequisite';
  const { holdouts, if: audience, targeted, layer } = experiment;
  if (holdouts?.some((name) => isHeldOut(name, ground, context))) return 'holdout';
  if (audience && !holds(audience, subjectOf(context, ground))) return 'not_targeted';
  const rule = targeted?.find((rule) => holds(rule.if, subjectOf(context, ground)));
  if (rule) return give(rule.variant, 'targeted');
  const kept = experiment.sticky && context.sticky?.(key, unit);
  if (kept && isValid(kept, experiment, phase)) return give(kept.variant, 'sticky');
  if (layer && !isInLayer(layer, experiment, ground, context)) return 'not_in_layer';
  if (!isInTraffic(phase.trafficSalt, phase.traffic, unit, context.now, ground)) return 'not_in_traffic';
  const variant = variantAt(phase.variants, ground.bucketOf(phase.variantSalt, unit));
  return variant === undefined ? 'no_variant' : give(variant, 'split');
}

/** Whether the variant that was kept still exists, and no phase since has begun anew. */
function isValid(kept: StickyAssignment, { phases }: Experiment, { number: current }: Phase): boolean {
  return (
    phases.some(({ variants }) => variants.some(({ variant }) => variant === kept.variant)) &&
    !phases.some(({ forgetSticky, number }) => forgetSticky && number > kept.phase && number <= current)
  );
}

function isHeldOut(name: string, ground: Ground, context: EvaluationContext): boolean {
  const holdout = known(own(ground.definitions.holdouts, name));
  return isIn([holdout], holdout, undefined, ground, context);
}

function isInLayer(
  { key, ranges }: NonNullable<Experiment['layer']>,
  { unitType }: Experiment,
  ground: Ground,
  context: EvaluationContext,
): boolean {
  return isIn(ranges, known(own(ground.definitions.layers, key)), unitType, ground, context);
}

/** Whether the context's unit has its bucket of a layer or a holdout in one of the ranges. */
function isIn(
  ranges: readonly BucketRange[],
  { salt, unitType }: { salt: string; unitType?: string },
  otherType: string | undefined,
  { bucketOf }: Ground,
  context: EvaluationContext,
): boolean {
  const unit = unitOf(context, unitType ?? otherType ?? DEFAULT_UNIT);
  if (!unit) return false;
  const bucket = bucketOf(salt, unit);
  return ranges.some((range) => inRange(range, bucket));
}

/** The attributes of a context: one that was given, else an id of that name. */
export function subjectOf({ attributes, units }: EvaluationContext, { definitions }: Ground): Subject {
  return { attribute: (name) => own(attributes, name) ?? own(units, name), segments: definitions.segments };
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error();
  return value;
}
