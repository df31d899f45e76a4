import type { Json } from '../../event.ts';
import type { Definitions, Flag, FlagRule } from '../definitions.ts';
import { DEFAULT_UNIT } from '../evaluation.ts';
import { compileCondition } from './compile-condition.ts';
import { compileExperiment } from './compile-experiment.ts';
import { compilePrerequisites } from './compile-prerequisites.ts';
import { compileSchedule, compileTraffic } from './compile-traffic.ts';
import {
  COMPILED_FORM,
  type CompiledDefinitions,
  type CompiledFlag,
  type CompiledRule,
  type Term,
} from './compiled.ts';

/**
 * The form of a valid document that pages read: an evaluator of it answers as one of the document does. Everything is in
 * it, so give it the client part. Throws a PatternError.
 */
export function compileDefinitions(definitions: Definitions): CompiledDefinitions {
  const { version, segments, remote = [] } = definitions;
  return {
    compiled: COMPILED_FORM,
    version,
    flags: mapValues(definitions.flags, (flag) => compileFlag(flag, definitions)),
    experiments: mapValues(definitions.experiments, (experiment) =>
      compileExperiment(experiment, definitions),
    ),
    segments: mapValues(segments, (condition) => compileCondition(condition, segments)),
    remote,
  };
}

function compileFlag(flag: Flag, { segments }: Definitions): CompiledFlag {
  const { type, enabled, prerequisites, rules = [] } = flag;
  if (!enabled) return [type];
  const listOf = (value: Json | undefined): [value?: Json] => (value === undefined ? [] : [value]);
  const compileRule = (rule: FlagRule): CompiledRule => {
    const { experiment, values = {}, value } = rule;
    const term = compileAudience(rule, segments);
    return experiment === undefined
      ? [term, 'rule', 0, {}, ...listOf(value)]
      : [term, 'rule', experiment, values, ...listOf(flag.default)];
  };
  const steps = rules.map(compileRule);
  if (prerequisites) {
    const unmet: Term = ['not', compilePrerequisites(prerequisites)];
    steps.unshift([unmet, 'prerequisite', 0, {}, ...listOf(flag.default)]);
  }
  return [type, [...steps, [true, 'default', 0, {}, ...listOf(flag.default)]]];
}

/** Whom a rule is for. */
function compileAudience(rule: FlagRule, segments: Definitions['segments']): Term {
  const { rollout } = rule;
  const terms: Json[] = compileSchedule(rule);
  if (rule.if) terms.push(compileCondition(rule.if, segments));
  if (rollout) terms.push(compileTraffic(rollout.salt, rollout.unitType ?? DEFAULT_UNIT, rollout));
  return terms.length > 0 ? ['and', terms] : true;
}

function mapValues<From, To>(
  record: { [key: string]: From } = {},
  map: (value: From) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
