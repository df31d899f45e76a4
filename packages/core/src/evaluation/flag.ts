import type { Json } from '../event.ts';
import { holds } from './condition.ts';
import type { Flag, FlagRule, FlagType } from './definitions.ts';
import {
  type Assignment,
  DEFAULT_UNIT,
  type EvaluationContext,
  type FlagEvaluation,
  type Ground,
  isExposure,
  own,
  type Reason,
  unitOf,
} from './evaluation.ts';
import { subjectOf } from './experiment.ts';
import { isInTraffic, isRunning } from './traffic.ts';

/** The value of one flag. Throws where the definitions cannot be understood. */
export function resolveFlag(
  key: string,
  flag: Flag,
  ground: Ground,
  context: EvaluationContext,
  prerequisitesMet: () => boolean,
  assign: (experiment: string) => Assignment,
): FlagEvaluation {
  const give = (reason: Reason, value: Json | undefined, assignment?: Assignment): FlagEvaluation => {
    const fits = value === undefined || isOfType(value, flag.type);
    return fits ? { flag: key, value, reason, assignment } : { flag: key, reason: 'wrong_type' };
  };
  if (!flag.enabled) return give('killed', undefined);
  const override = own(context.overrides, key);
  if (override !== undefined) return give('forced', readOverride(override, flag.type));
  if (!prerequisitesMet()) return give('prerequisite', flag.default);
  for (const rule of flag.rules ?? []) {
    if (!applies(rule, ground, context)) continue;
    if (rule.experiment === undefined) return give('rule', rule.value);
    const assignment = assign(rule.experiment);
    const { reason, variant, payload } = assignment;
    if (isExposure(assignment) || reason === 'forced') {
      return give(reason, own(rule.values, variant) ?? payload ?? flag.default, assignment);
    }
  }
  return give('default', flag.default);
}

/** A text stands for a value of another type as JSON. */
export function readOverride(override: Json, type: FlagType): Json {
  if (typeof override !== 'string' || type === 'string') return override;
  try {
    return JSON.parse(override);
  } catch {
    return override;
  }
}

function isOfType(value: Json, type: FlagType): boolean {
  return typeof value === type && value !== null;
}

function applies(rule: FlagRule, ground: Ground, context: EvaluationContext): boolean {
  const { rollout } = rule;
  if (!isRunning(rule, context.now)) return false;
  if (rule.if && !holds(rule.if, subjectOf(context, ground))) return false;
  if (!rollout) return true;
  const unit = unitOf(context, rollout.unitType ?? DEFAULT_UNIT);
  return !!unit && isInTraffic(rollout.salt, rollout, unit, context.now, ground);
}
