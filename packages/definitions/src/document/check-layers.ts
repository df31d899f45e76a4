import type { Definitions } from '@millrace/core/evaluation';
import { member, type Report } from './definitions-problem.ts';

/** Notes experiments of a layer that claim the same buckets: a unit could be in both. */
export function checkLayers({ layers = {}, experiments }: Definitions, report: Report): void {
  for (const layer of Object.keys(layers)) {
    const claims = Object.entries(experiments)
      .filter(([, experiment]) => experiment.layer?.key === layer)
      .flatMap(([key, experiment]) =>
        (experiment.layer?.ranges ?? []).map((range, i) => ({ key, i, ...range })),
      )
      .sort((a, b) => a.start - b.start);
    for (const [position, claim] of claims.entries()) {
      const before = claims[position - 1];
      if (before && before.key !== claim.key && claim.start < before.end) {
        const path = `${member('/experiments', claim.key)}/layer/ranges/${claim.i}`;
        report(
          path,
          `overlaps [${before.start}, ${before.end}) of experiment ${before.key} in layer ${layer}`,
        );
      }
    }
  }
}
