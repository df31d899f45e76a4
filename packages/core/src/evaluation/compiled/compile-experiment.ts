import { BUCKETING_VERSION, BUCKETS, type BucketRange } from '../../bucketing.ts';
import type { Definitions, Experiment, Phase } from '../definitions.ts';
import { DEFAULT_UNIT, own, type Reason } from '../evaluation.ts';
import { compileCondition, FAULT } from './compile-condition.ts';
import { compilePrerequisites } from './compile-prerequisites.ts';
import { compileTraffic, timesOf } from './compile-traffic.ts';
import type { CompiledExperiment, Term } from './compiled.ts';

type Step = [term: Term, reason: Reason];

/** The steps of an experiment, in the order in which evaluation asks. */
export function compileExperiment(experiment: Experiment, definitions: Definitions): CompiledExperiment {
  const { unitType = DEFAULT_UNIT, bucketingVersion, sticky, payloads } = experiment;
  const phases = [...experiment.phases].reverse();
  const running = phases.flatMap((phase): CompiledExperiment[1] => {
    const times = timesOf(phase);
    return times ? [['now', ...times, phase.number]] : [];
  });
  return [
    { unitType, bucketingVersion, ...(sticky !== undefined && { sticky }) },
    running,
    compileSteps(experiment, unitType, phases, definitions),
    ...(payloads ? [payloads] : []),
  ] as CompiledExperiment;
}

function compileSteps(
  experiment: Experiment,
  unitType: string,
  phases: Phase[],
  { segments, holdouts, layers }: Definitions,
): Step[] {
  const { enabled, bucketingVersion, forced = [], prerequisites, targeted = [], layer, sticky } = experiment;
  if (!enabled) return [[true, 'killed']];
  if (bucketingVersion !== BUCKETING_VERSION) return [[true, 'unsupported_version']];
  const steps: Step[] = [
    [['override'], 'forced'],
    ...forced.map(({ variant, units }): Step => [['and', [['unit', units], variant]], 'forced']),
    [['not', ['unit']], 'no_unit'],
    [['phase'], 'not_running'],
  ];
  if (prerequisites) steps.push([['not', compilePrerequisites(prerequisites)], 'prerequisite']);
  for (const name of experiment.holdouts ?? []) {
    const holdout = own(holdouts, name);
    steps.push([holdout ? bucketIn([holdout], holdout, DEFAULT_UNIT) : FAULT, 'holdout']);
  }
  if (experiment.if) steps.push([['not', compileCondition(experiment.if, segments)], 'not_targeted']);
  for (const rule of targeted) {
    steps.push([['and', [compileCondition(rule.if, segments), rule.variant]], 'targeted']);
  }
  if (sticky) steps.push(...compileSticky(phases));
  if (layer) {
    const found = own(layers, layer.key);
    steps.push([found ? ['not', bucketIn(layer.ranges, found, unitType)] : FAULT, 'not_in_layer']);
  }
  return [...steps, ...phases.flatMap((phase) => compileDraw(phase, unitType)), [true, 'no_variant']];
}

function bucketIn(ranges: BucketRange[], by: { salt: string; unitType?: string }, otherType: string): Term {
  return ['bucket', by.salt, by.unitType ?? otherType, ranges.map(({ start, end }) => [start, end])];
}

/** What was given counts while a phase still has the variant, and none since has begun anew. */
function compileSticky(phases: Phase[]): Step[] {
  const variants = [...new Set(phases.flatMap(({ variants }) => variants.map(({ variant }) => variant)))];
  return phases.map(({ number }): Step => {
    const anew = phases.filter((phase) => phase.forgetSticky && phase.number <= number);
    const since = Math.max(0, ...anew.map((phase) => phase.number));
    return [inPhase(number, ['kept', since, variants]), 'sticky'];
  });
}

/** Who is in the phase's traffic, and what they draw. */
function compileDraw(
  { number, traffic, trafficSalt, variantSalt, variants }: Phase,
  unitType: string,
): Step[] {
  const isAll = !traffic.ramp && traffic.start <= 0 && traffic.end >= BUCKETS;
  const inTraffic = compileTraffic(trafficSalt, unitType, traffic);
  const ranges = variants.map(({ start, end, variant }) => [start, end, variant]);
  const draw: Step = [inPhase(number, ['bucket', variantSalt, unitType, ranges]), 'split'];
  return isAll ? [draw] : [[inPhase(number, ['not', inTraffic]), 'not_in_traffic'], draw];
}

function inPhase(number: number, term: Term): Term {
  return ['and', [['phase', number], term]];
}
