import { BUCKETING_VERSION, bucketOf, inRange, variantAt } from '../bucketing.ts';
import { holds, type Subject } from './condition.ts';
import { CONTROL, type Definitions, type Experiment, type Phase } from './definitions.ts';
import { type Assignment, type EvaluationContext, own, type Reason, unitOf } from './evaluation.ts';
import { isInTraffic, isRunning } from './traffic.ts';

/** A variant or, for whoever is kept out, only the reason. */
type Decision = [reason: Reason, variant?: string];

const DEFAULT_UNIT = 'anonymousId';

/** The variant of one experiment. Throws where the definitions cannot be understood. */
export function assignVariant(
  key: string,
  experiment: Experiment,
  definitions: Definitions,
  context: EvaluationContext,
  prerequisitesMet: () => boolean,
): Assignment {
  const { unitType = DEFAULT_UNIT, bucketingVersion, phases, payloads } = experiment;
  const unit = unitOf(context, unitType);
  const phase = phases.filter((phase) => isRunning(phase, context.now)).pop();

  const decide = (): Decision => {
    if (!experiment.enabled) return ['killed'];
    if (bucketingVersion !== BUCKETING_VERSION) return ['unsupported_version'];
    const forced =
      own(context.overrides, key) ??
      experiment.forced?.find(({ units }) => units.includes(unit as string))?.variant;
    if (typeof forced === 'string') return ['forced', forced];
    if (!unit) return ['no_unit'];
    if (!phase) return ['not_running'];
    if (!prerequisitesMet()) return ['prerequisite'];
    return decideByRules(experiment, definitions, context) ?? keep(unit, phase) ?? draw(unit, phase);
  };

  const keep = (unit: string, phase: Phase): Decision | undefined => {
    const kept = experiment.sticky ? context.sticky?.(key, unit) : undefined;
    if (!kept) return undefined;
    const isForgotten = phases.some(
      ({ forgetSticky, number }) => forgetSticky && number > kept.phase && number <= phase.number,
    );
    const exists = phases.some(({ variants }) => variants.some(({ variant }) => variant === kept.variant));
    return exists && !isForgotten ? ['sticky', kept.variant] : undefined;
  };

  const draw = (unit: string, phase: Phase): Decision => {
    if (!isInLayer(experiment, definitions, context)) return ['not_in_layer'];
    if (!isInTraffic(phase.trafficSalt, phase.traffic, unit, context.now)) return ['not_in_traffic'];
    const variant = variantAt(phase.variants, bucketOf(phase.variantSalt, unit));
    return variant === undefined ? ['no_variant'] : ['split', variant];
  };

  const [reason, variant = CONTROL] = decide();
  const payload = own(payloads, variant);
  return {
    experiment: key,
    variant,
    reason,
    phase: phase?.number,
    unit,
    unitType,
    bucketingVersion,
    sticky: experiment.sticky,
    payload,
  };
}

/** Holdouts, audience and targeted variants, in this order. */
function decideByRules(
  { holdouts, if: audience, targeted }: Experiment,
  definitions: Definitions,
  context: EvaluationContext,
): Decision | undefined {
  for (const name of holdouts ?? []) {
    const holdout = known(own(definitions.holdouts, name));
    const unit = unitOf(context, holdout.unitType ?? DEFAULT_UNIT);
    if (unit && inRange(holdout, bucketOf(holdout.salt, unit))) return ['holdout'];
  }
  const subject = subjectOf(context, definitions);
  if (audience && !holds(audience, subject)) return ['not_targeted'];
  const rule = targeted?.find((rule) => holds(rule.if, subject));
  return rule && ['targeted', rule.variant];
}

function isInLayer(
  { layer, unitType }: Experiment,
  { layers }: Definitions,
  context: EvaluationContext,
): boolean {
  if (!layer) return true;
  const { salt, unitType: layerUnit = unitType } = known(own(layers, layer.key));
  const unit = unitOf(context, layerUnit ?? DEFAULT_UNIT);
  if (!unit) return false;
  const bucket = bucketOf(salt, unit);
  return layer.ranges.some((range) => inRange(range, bucket));
}

/** The attributes of a context: one that was given, else an id of that name. */
export function subjectOf({ attributes, units }: EvaluationContext, { segments }: Definitions): Subject {
  return { attribute: (name) => own(attributes, name) ?? own(units, name), segments };
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error();
  return value;
}
