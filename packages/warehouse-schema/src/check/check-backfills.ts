import { DAY_STEP, readNotes, unfilledRollups } from '../backfill/backfill-notes.ts';
import type { WarehouseClient } from '../client.ts';
import { planMigrations } from '../migrations/migrate.ts';
import type { Finding } from './finding.ts';

/** Rollups that lack events of before they were made. */
export async function checkBackfills(client: WarehouseClient): Promise<Finding[]> {
  // What is to be migrated has no notes, or not all of them.
  const { pending } = await planMigrations({ client });
  if (pending.length > 0) return [];
  const findings: Finding[] = [];
  for (const rollup of await unfilledRollups(client)) {
    const { days } = await readNotes(client, rollup);
    const done = days.filter(({ step }) => step === DAY_STEP.done).length;
    findings.push({
      severity: 'warning',
      code: 'rollup_unfilled',
      message: `${rollup} lacks events of before it was made${days.length > 0 ? `: ${done} of ${days.length} days are filled` : ''}.`,
      fix: `millrace backfill ${rollup}`,
    });
  }
  return findings;
}
