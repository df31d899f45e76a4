import type {
  Condition,
  Definitions,
  Experiment,
  FlagRule,
  Phase,
  Schedule,
  Traffic,
} from './definitions.ts';
import { instantOf } from './instant.ts';
import { compilePattern } from './pattern/compile-pattern.ts';

/**
 * A copy of valid definitions as evaluators want them: patterns compiled, times in milliseconds. The SDKs for browsers
 * carry neither a compiler nor a reader of times. Doing it twice changes nothing. Throws a PatternError.
 */
export function prepareDefinitions(definitions: Definitions): Definitions {
  return {
    ...definitions,
    segments: mapValues(definitions.segments, prepareCondition),
    flags: mapValues(definitions.flags, (flag) => ({ ...flag, rules: (flag.rules ?? []).map(prepareRule) })),
    experiments: mapValues(definitions.experiments, prepareExperiment),
  };
}

function prepareRule(rule: FlagRule): FlagRule {
  const prepared = prepareSchedule(rule);
  if (rule.if) prepared.if = prepareCondition(rule.if);
  if (rule.rollout) prepared.rollout = prepareTraffic(rule.rollout);
  return prepared;
}

function prepareExperiment(experiment: Experiment): Experiment {
  const prepared: Experiment = {
    ...experiment,
    targeted: (experiment.targeted ?? []).map((rule) => ({ ...rule, if: prepareCondition(rule.if) })),
    phases: experiment.phases.map(preparePhase),
  };
  if (experiment.if) prepared.if = prepareCondition(experiment.if);
  return prepared;
}

function preparePhase(phase: Phase): Phase {
  const prepared = prepareSchedule(phase);
  prepared.traffic = prepareTraffic(phase.traffic);
  return prepared;
}

function prepareCondition(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(prepareCondition) };
  if ('any' in condition) return { any: condition.any.map(prepareCondition) };
  if ('not' in condition) return { not: prepareCondition(condition.not) };
  if ('segment' in condition || condition.op !== 'matches') return condition;
  return { ...condition, states: compilePattern(String(condition.value)) };
}

function prepareSchedule<Scheduled extends Schedule>(scheduled: Scheduled): Scheduled {
  const prepared = { ...scheduled };
  if (scheduled.startsAt !== undefined) prepared.startsAt = instantOf(scheduled.startsAt);
  if (scheduled.endsAt !== undefined) prepared.endsAt = instantOf(scheduled.endsAt);
  return prepared;
}

function prepareTraffic<Some extends Traffic>(traffic: Some): Some {
  if (!traffic.ramp) return traffic;
  return { ...traffic, ramp: traffic.ramp.map(({ at, end }) => ({ at: instantOf(at), end })) };
}

function mapValues<From, To>(
  record: { [key: string]: From } = {},
  map: (value: From) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
