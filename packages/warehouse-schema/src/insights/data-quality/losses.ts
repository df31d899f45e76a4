import { sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import type { LookedAt } from './looked-at.ts';

/** What an SDK had to give up, as its `$sdk_losses` events say. */
export interface Loss {
  library: string;
  version: string;
  reason: string;
  events: number;
}

/** What SDKs reported in the range that they lost, the most first. */
export async function answerLosses({ run, withBots }: LookedAt): Promise<Loss[]> {
  const rows = await run.query<{ library: string; version: string; reason: string; lost: number }>(
    sqlFile('data-quality/losses', { rows: withBots.rows({ events: sql`events.event = '$sdk_losses'` }) }),
  );
  return rows.map(({ lost: events, ...row }) => ({ ...row, events }));
}
