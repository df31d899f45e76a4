import { setTimeout as delay } from 'node:timers/promises';
import type { WarehouseClient } from '../client.ts';

const RUNNING = `
SELECT
  (SELECT countIf(elapsed > {seconds:Float64}) FROM system.processes WHERE query_kind = 'Insert') AS inserts,
  (SELECT argMax(held_until, noted_at) > now64(3, 'UTC') FROM person_runs) AS follows`;

/** How long another waits for one that ended in the middle, and some more. */
const LONGEST_MS = 75_000;
const POLL_MS = 100;

/**
 * Resolves once no insert runs that began before the call, and whoever followed links then is done: what they had read
 * before is written, and can be looked for. After a minute and a quarter in any case.
 */
export async function awaitFollowers(client: WarehouseClient): Promise<void> {
  const begun = performance.now();
  while (performance.now() - begun < LONGEST_MS) {
    const seconds = (performance.now() - begun) / 1000;
    const [running] = await client.query<{ inserts: number; follows: number }>(RUNNING, {
      params: { seconds },
    });
    if (!Number(running?.inserts) && !Number(running?.follows)) return;
    await delay(POLL_MS);
  }
}
