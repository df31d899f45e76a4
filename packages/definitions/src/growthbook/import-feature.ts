import type { Json } from '@millrace/core';
import type { Flag, FlagRule, FlagType, Prerequisite } from '@millrace/core/evaluation';
import { member } from '../document/definitions-problem.ts';
import { bucketsOf } from './bucket-at.ts';
import { importAudience } from './import-audience.ts';
import type { ImportContext } from './import-context.ts';
import { importExperiment } from './import-experiment.ts';
import { shareOf } from './import-layer.ts';
import { importPrerequisites } from './import-prerequisites.ts';
import { saltOf } from './names.ts';
import type { Feature, FeatureRule } from './payload.ts';
import { Unsupported } from './unsupported.ts';

/** Fields of a rule that are read, or that say nothing about who gets what. */
const READ = new Set([
  ...[
    'id',
    'name',
    'condition',
    'parentConditions',
    'force',
    'variations',
    'key',
    'seed',
    'phase',
    'hashAttribute',
  ],
  ...['hashVersion', 'coverage', 'weights', 'ranges', 'range', 'namespace', 'filters', 'meta'],
  ...['disableStickyBucketing', 'bucketVersion', 'minBucketVersion', 'fallbackAttribute'],
]);

/** The flag of a feature. */
export function importFeature(key: string, feature: Feature, context: ImportContext): Flag {
  const path = member('/features', key);
  const { defaultValue, rules = [] } = feature;
  const type = typeOf(feature, path, context);
  const { enabled, prerequisites, imported } = importRules(rules, key, type, path, context);
  if (prerequisites.length > 0) {
    context.warn(
      path,
      'while its prerequisites are not met it gives its default; GrowthBook gives the fallback',
    );
  }
  const isDefault = defaultValue !== undefined && fits(defaultValue, type);
  if (defaultValue !== undefined && defaultValue !== null && !isDefault) {
    context.warn(`${path}/defaultValue`, `is no ${type} as other values are: the fallback counts`);
  }
  return {
    type,
    enabled,
    ...(isDefault && { default: defaultValue }),
    ...(prerequisites.length > 0 && { prerequisites }),
    ...(imported.length > 0 && { rules: imported }),
  };
}

/** The rules in their order; those that only ask for prerequisites and come first are asked for by the whole flag. */
function importRules(
  rules: readonly FeatureRule[],
  key: string,
  type: FlagType,
  path: string,
  context: ImportContext,
): { enabled: boolean; prerequisites: Prerequisite[]; imported: FlagRule[] } {
  const prerequisites: Prerequisite[] = [];
  const imported: FlagRule[] = [];
  let enabled = true;
  for (const [i, rule] of rules.entries()) {
    const at = `${path}/rules/${i}`;
    for (const name of Object.keys(rule).filter((name) => !READ.has(name))) {
      context.warn(member(at, name), 'has no equivalent and is left out');
    }
    try {
      if (isGate(rule) && imported.length === 0) {
        prerequisites.push(
          ...importPrerequisites(rule.parentConditions ?? [], `${at}/parentConditions`, context),
        );
      } else imported.push(importRule(rule, key, type, at, context));
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      const consequence = isGate(rule) ? 'the flag is off until that is put right' : 'the rule is left out';
      context.warn(error.path, `${error.message}; ${consequence}`);
      if (isGate(rule)) enabled = false;
    }
  }
  return { enabled, prerequisites, imported };
}

/** Whether a rule is only there to end the feature where prerequisites are not met. */
function isGate(rule: FeatureRule): boolean {
  const parents = rule.parentConditions ?? [];
  return (
    rule.force === undefined && !rule.variations && parents.length > 0 && parents.every(({ gate }) => gate)
  );
}

function importRule(
  rule: FeatureRule,
  feature: string,
  type: FlagType,
  path: string,
  context: ImportContext,
): FlagRule {
  if (rule.parentConditions?.some(({ gate }) => gate)) {
    context.warn(`${path}/parentConditions`, 'ends the feature in GrowthBook; here the next rules apply');
  }
  if (rule.force !== undefined) return importForce(rule, feature, type, path, context);
  if (!rule.variations) throw new Unsupported(path, 'gives neither a value nor an experiment');
  const { key, variants } = importExperiment(rule, feature, path, context);
  const values = variants.flatMap((variant, i): [string, Json][] => {
    const value = rule.variations?.[i];
    if (value !== undefined && fits(value, type)) return [[variant, value]];
    context.warn(`${path}/variations/${i}`, `is no ${type}: ${variant} gives the default`);
    return [];
  });
  for (const [i, { passthrough }] of (rule.meta ?? []).entries()) {
    if (passthrough) {
      context.warn(
        `${path}/meta/${i}/passthrough`,
        'has no equivalent: the rules after it do not apply to them',
      );
    }
  }
  return { experiment: key, values: Object.fromEntries(values) };
}

function importForce(
  rule: FeatureRule,
  feature: string,
  type: FlagType,
  path: string,
  context: ImportContext,
): FlagRule {
  const value = rule.force;
  if (value === undefined || !fits(value, type)) throw new Unsupported(`${path}/force`, `is no ${type}`);
  const { prerequisites, if: audience } = importAudience(rule, path, context) as ReturnType<
    typeof importAudience
  >;
  if (prerequisites) {
    throw new Unsupported(`${path}/parentConditions`, 'has no equivalent: prerequisites of a value');
  }
  const share = shareOf({ filters: rule.filters ?? [] }, path);
  const isPart = rule.range !== undefined || (rule.coverage !== undefined && rule.coverage < 1);
  if (!share && !isPart) return { ...(audience && { if: audience }), value };
  const [range, ...others] = share?.ranges ?? [rule.range ?? [0, rule.coverage ?? 1]];
  if (!range || others.length > 0 || (share && isPart)) {
    throw new Unsupported(`${path}/filters`, 'has no equivalent: a value for a share of several ranges');
  }
  const unitType = context.unit(share?.attribute ?? rule.hashAttribute, `${path}/hashAttribute`);
  const salt = share ? saltOf('layer', share.name) : saltOf('rollout', rule.seed || feature);
  context.warn(path, "GrowthBook's hash is not the one of Millrace: the share of the units is drawn anew");
  const { start, end } = bucketsOf(range);
  return {
    ...(audience && { if: audience }),
    rollout: { start, end: Math.max(start, end), salt, unitType },
    value,
  };
}

/** The type of most of a feature's values: that of its default, else of the first. */
function typeOf({ defaultValue, rules = [] }: Feature, path: string, context: ImportContext): FlagType {
  const values = [defaultValue, ...rules.flatMap(({ force, variations = [] }) => [force, ...variations])];
  const present = values.find((value) => value !== undefined && value !== null);
  if (present === undefined) {
    context.warn(path, 'has no value at all: it is taken for a boolean');
    return 'boolean';
  }
  return typeof present as FlagType;
}

function fits(value: Json, type: FlagType): boolean {
  return value !== null && typeof value === type;
}
