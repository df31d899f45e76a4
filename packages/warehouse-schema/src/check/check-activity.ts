import type { WarehouseClient } from '../client.ts';
import { planMigrations } from '../migrations/migrate.ts';
import { clusterForm } from '../migrations/render-cluster.ts';
import { runQuery } from '../queries/run-query.ts';
import type { Finding } from './finding.ts';

interface Lag {
  rows: number;
  zone: string;
  doubled: number;
}

/** Longer than the loader's process rests between two looks, and than a replicated table is waited for. */
const BEHIND_SECONDS = 300;

/** Whether the daily bitmaps of active people keep up with `events`; over shards there are none. */
export async function checkActivity(client: WarehouseClient): Promise<Finding[]> {
  if ((await clusterForm(client)).cluster !== undefined) return [];
  if ((await planMigrations({ client })).pending.length > 0) return [];
  const [lag] = await runQuery<object, Lag>(client, 'activity/lag', { seconds: BEHIND_SECONDS });
  const findings: Finding[] = [];
  if (lag && lag.rows > 0) {
    findings.push({
      severity: 'warning',
      code: 'activity_behind',
      message: `${lag.rows} events of more than ${BEHIND_SECONDS / 60} minutes ago are not in the daily activity by ${lag.zone} yet, so questions about active people read them one by one.`,
      fix: 'See whether the loader runs, and its log. A zone that is not in MILLRACE_TIMEZONES any more is not kept up.',
    });
  }
  if (lag && lag.doubled > 0) {
    findings.push({
      severity: 'error',
      code: 'person_numbers_doubled',
      message: `${lag.doubled} people share a number with another, so that active people are counted too few.`,
      fix: `Stop the loader, TRUNCATE TABLE person_numbers, person_number_overrides, activity_daily and activity_progress of ${client.database}, and start it: they are filled anew.`,
    });
  }
  return findings;
}
