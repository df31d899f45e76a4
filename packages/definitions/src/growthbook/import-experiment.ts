import { BUCKETS, type VariantRange } from '@millrace/core';
import type { Experiment } from '@millrace/core/evaluation';
import { bucketAt, bucketsOf } from './bucket-at.ts';
import { importAudience } from './import-audience.ts';
import type { ImportContext } from './import-context.ts';
import { importLayer } from './import-layer.ts';
import { saltOf } from './names.ts';
import type { FeatureRule } from './payload.ts';
import { Unsupported } from './unsupported.ts';

/** An experiment of the document, and what its variants are called in the order of the rule's variations. */
export interface ImportedExperiment {
  key: string;
  variants: string[];
}

/**
 * The experiment of a rule with variations, one for all rules that say the same under one key. Throws `Unsupported` where
 * GrowthBook itself would not run it, or where it cannot be said.
 */
export function importExperiment(
  rule: FeatureRule,
  feature: string,
  path: string,
  context: ImportContext,
): ImportedExperiment {
  const called = rule.key || feature;
  const { variations = [], phase = 0 } = rule;
  const seed = rule.seed || called;
  if (variations.length < 2) throw new Unsupported(`${path}/variations`, 'are fewer than two: no experiment');
  const variants = variantNames(rule);
  const same = fingerprint(rule);
  const known = context.experimentKeys.get(called) ?? [];
  const found = known.find((one) => one.fingerprint === same);
  if (found) return { key: found.key, variants };

  const ranges = rangesOf(rule, variants, path, context);
  if (ranges.length === 0) throw new Unsupported(path, 'gives no unit a variation');
  const experiment: Experiment = {
    unitType: context.unit(rule.hashAttribute, `${path}/hashAttribute`),
    bucketingVersion: 1,
    enabled: true,
    ...importAudience(rule, path, context),
    ...(isSticky(rule, path, context) && { sticky: true }),
    ...importLayer(rule, path, context),
    phases: [
      {
        number: /^\d{1,6}$/.test(String(phase)) ? Number(phase) + 1 : 1,
        trafficSalt: saltOf('traffic', called, seed, phase),
        variantSalt: saltOf('variant', called, seed, phase),
        traffic: { start: 0, end: rule.ranges ? BUCKETS : bucketAt(rule.coverage ?? 1) },
        variants: ranges,
      },
    ],
  };
  const names = context.experimentNames;
  const key = known.length > 0 ? names.another(called, path) : names.nameOf(called, path);
  if (known.length > 0) {
    context.warn(path, `the experiment ${called} has other settings elsewhere: from here it is ${key}`);
  }
  context.warn(path, `GrowthBook's hash is not the one of Millrace: the units of ${key} are drawn anew`);
  context.experiments.set(key, experiment);
  context.experimentKeys.set(called, [...known, { key, fingerprint: same }]);
  return { key, variants };
}

/** All of a rule that its experiment is made from: not the values, which differ from feature to feature. */
function fingerprint({ id: _, name: __, variations, meta, ...rule }: FeatureRule): string {
  const keys = (meta ?? []).map((one) => one.key);
  return JSON.stringify([
    variations?.length,
    keys,
    Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

/** GrowthBook numbers its variations from 0, the control; a key of its own counts. */
function variantNames({ variations = [], meta = [] }: FeatureRule): string[] {
  const taken = new Set<string>();
  return variations.map((_, i) => {
    const key = meta[i]?.key ?? '';
    const name = /^\d*$/.test(key) || key.length > 60 ? (i === 0 ? 'control' : `variation-${i}`) : key;
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${name}-${n}`;
    taken.add(free);
    return free;
  });
}

/** Buckets by weight, or as GrowthBook gives them. */
function rangesOf(
  rule: FeatureRule,
  variants: string[],
  path: string,
  context: ImportContext,
): VariantRange[] {
  const wanted = (rule.ranges ?? cumulative(weightsOf(rule, variants.length))).map((range, i) => ({
    ...bucketsOf(range),
    i,
  }));
  const ranges: VariantRange[] = [];
  for (const { start, end, i } of [...wanted].sort((a, b) => a.start - b.start || a.i - b.i)) {
    const variant = variants[i];
    const free = Math.max(start, ranges.at(-1)?.end ?? 0);
    if (free > start && end > start)
      context.warn(`${path}/ranges/${i}`, 'overlaps another: the first one counts');
    if (variant !== undefined && free < end) ranges.push({ start: free, end, variant });
    else if (variant !== undefined)
      context.warn(path, `${variant} gets no unit: its share is less than 1 of ${BUCKETS}`);
  }
  return ranges;
}

/** Weights as ranges of shares, one after the other. */
function cumulative(weights: readonly number[]): [start: number, end: number][] {
  let sum = 0;
  return weights.map((weight) => {
    const start = sum;
    sum += weight;
    return [start, sum];
  });
}

/** GrowthBook takes all alike where weights are missing, too many or too few, or do not make one. */
function weightsOf({ weights }: FeatureRule, count: number): number[] {
  const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0;
  return weights?.length === count && sum >= 0.99 && sum <= 1.01
    ? weights
    : Array.from({ length: count }, () => 1 / count);
}

function isSticky(rule: FeatureRule, path: string, context: ImportContext): boolean {
  const { fallbackAttribute, minBucketVersion, bucketVersion, disableStickyBucketing } = rule;
  if (disableStickyBucketing) return false;
  if (fallbackAttribute) {
    context.warn(`${path}/fallbackAttribute`, 'has no equivalent: a unit without its id takes no part');
  }
  if (minBucketVersion) {
    context.warn(
      `${path}/minBucketVersion`,
      'has no equivalent: start a new phase with forgetSticky instead',
    );
  }
  return bucketVersion !== undefined || !!fallbackAttribute;
}
