import { isDeepStrictEqual } from 'node:util';
import { member, type Report } from '../document/definitions-problem.ts';
import type { PhaseRow } from './phase-row.ts';

/** Reports what would give units of a phase that has begun another variant; `old` is what was recorded of it. */
export function checkBegun(
  row: PhaseRow,
  old: PhaseRow,
  path: string,
  position: number,
  report: Report,
): void {
  const begun = `phase ${row.phase} has begun`;
  const phase = member(member(path, 'phases'), position);
  for (const salt of ['trafficSalt', 'variantSalt'] as const) {
    if (row[salt] !== old[salt])
      report(`${phase}/${salt}`, `must stay ${JSON.stringify(old[salt])}, since ${begun}`);
  }
  for (const field of ['unitType', 'bucketingVersion'] as const) {
    if (row[field] !== old[field]) {
      report(
        `${path}/${field}`,
        `must stay ${JSON.stringify(old[field])}, since ${begun}: leave that phase out, or use another key`,
      );
    }
  }
  if (!isDeepStrictEqual(row.variants, old.variants)) {
    report(
      `${phase}/variants`,
      `must stay as they are, since ${begun}: other variants or weights are a new phase`,
    );
  }
}
