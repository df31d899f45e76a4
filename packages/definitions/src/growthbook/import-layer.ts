import type { BucketRange } from '@millrace/core';
import type { Experiment } from '@millrace/core/evaluation';
import { bucketsOf } from './bucket-at.ts';
import type { ImportContext } from './import-context.ts';
import { saltOf } from './names.ts';
import type { FeatureRule } from './payload.ts';
import { Unsupported } from './unsupported.ts';

/** A share of the units that GrowthBook lets into a rule, by a name that several rules have in common. */
interface Share {
  name: string;
  attribute: string | undefined;
  ranges: [number, number][];
  path: string;
}

/** The layer of an experiment: GrowthBook's namespace, or its filter. Throws `Unsupported` for more than one. */
export function importLayer(
  rule: FeatureRule,
  path: string,
  context: ImportContext,
): Pick<Experiment, 'layer'> {
  const share = shareOf(rule, path);
  if (!share) return {};
  const layer = context.layerNames.nameOf(share.name, share.path);
  const unitType = context.unit(share.attribute ?? rule.hashAttribute, share.path);
  const known = context.layers.get(layer);
  if (known && known.unitType !== unitType) {
    throw new Unsupported(
      share.path,
      `draws the layer ${layer} by ${unitType}, another rule by ${known.unitType}`,
    );
  }
  const wanted = share.ranges.map(bucketsOf);
  const taken = [...context.experiments.values()]
    .filter((experiment) => experiment.layer?.key === layer)
    .flatMap((experiment) => experiment.layer?.ranges ?? []);
  const ranges = without(wanted, taken);
  if (ranges.length === 0)
    throw new Unsupported(share.path, `is taken by other experiments of the layer ${layer}`);
  if (sizeOf(ranges) < sizeOf(wanted)) {
    context.warn(share.path, `shares buckets with other experiments of the layer ${layer}: they keep them`);
  }
  context.layers.set(layer, { salt: saltOf('layer', share.name), unitType });
  return { layer: { key: layer, ranges } };
}

/** The namespace or filter of a rule. Throws `Unsupported` for more than one. */
export function shareOf(rule: FeatureRule, path: string): Share | undefined {
  const { namespace, filters } = rule;
  // GrowthBook does not look at the namespace where there are filters.
  if (!filters) {
    if (!namespace) return undefined;
    const [name, start, end] = namespace;
    return { name, attribute: undefined, ranges: [[start, end]], path: `${path}/namespace` };
  }
  const [filter, ...others] = filters;
  if (others.length > 0) throw new Unsupported(`${path}/filters`, 'has no equivalent: more than one filter');
  return (
    filter && {
      name: filter.seed,
      attribute: filter.attribute,
      ranges: filter.ranges,
      path: `${path}/filters/0`,
    }
  );
}

/** The parts of ranges that are not taken, in order. */
function without(wanted: readonly BucketRange[], taken: readonly BucketRange[]): BucketRange[] {
  const free: BucketRange[] = [];
  const sorted = [...wanted].sort((a, b) => a.start - b.start);
  for (const { start, end } of sorted) {
    let from = Math.max(start, free.at(-1)?.end ?? 0);
    const blocks = taken
      .filter((block) => block.end > from && block.start < end)
      .sort((a, b) => a.start - b.start);
    for (const block of blocks) {
      if (from < block.start) free.push({ start: from, end: block.start });
      from = Math.max(from, block.end);
    }
    if (from < end) free.push({ start: from, end });
  }
  return free;
}

function sizeOf(ranges: readonly BucketRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
}
