import { unfilledRollups } from './backfill-notes.ts';
import { type BackfillOptions, type BackfillReport, backfillRollup } from './backfill-rollup.ts';

/** Fills every rollup that came later than its events and is not filled yet, one after the other. */
export async function backfillPending(options: BackfillOptions): Promise<BackfillReport[]> {
  const reports: BackfillReport[] = [];
  for (const rollup of await unfilledRollups(options.client)) {
    reports.push(await backfillRollup(rollup, options));
  }
  return reports;
}
