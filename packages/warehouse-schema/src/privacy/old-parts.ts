import { setTimeout as delay } from 'node:timers/promises';
import type { WarehouseClient } from '../client.ts';
import { TOUCHED_TABLES } from './person-tables.ts';

/**
 * What a table is given while it is rewritten: the parts that take the old ones' place are synced, since the old ones are
 * not kept for a power cut, and the old ones leave the disk at the next look (ClickHouse looks every half minute or so).
 */
const HURRY = 'old_parts_lifetime = 1, min_rows_to_fsync_after_merge = 1';
/** The settings that a deletion changes, and takes back at its end. */
export const HURRIED_SETTINGS: readonly string[] = ['old_parts_lifetime', 'min_rows_to_fsync_after_merge'];

const OLD_PARTS = `
SELECT count() AS parts FROM system.parts
WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND NOT active AND remove_time <= {before:DateTime}`;
const DETACHED = `
SELECT count() AS parts FROM system.detached_parts
WHERE database = currentDatabase() AND table IN {tables:Array(String)}`;

const POLL_MS = 250;

/** Has the touched tables give up their old parts soon; until `settleParts`. */
export async function hurryParts(client: WarehouseClient): Promise<void> {
  for (const table of TOUCHED_TABLES) await client.command(`ALTER TABLE ${table} MODIFY SETTING ${HURRY}`);
}

/** The tables keep old parts as they did before. */
export async function settleParts(client: WarehouseClient): Promise<void> {
  const settings = HURRIED_SETTINGS.join(', ');
  for (const table of TOUCHED_TABLES) await client.command(`ALTER TABLE ${table} RESET SETTING ${settings}`);
}

/**
 * Resolves to true once no part is on disk that was replaced before now; to false when the time is over. Parts that
 * somebody detached stay, and are counted.
 */
export async function awaitOldParts(
  client: WarehouseClient,
  timeoutMs: number,
): Promise<{ isGone: boolean; detached: number }> {
  const params = { tables: TOUCHED_TABLES };
  const [clock] = await client.query<{ now: string }>('SELECT toString(now()) AS now');
  const [detached] = await client.query<{ parts: number }>(DETACHED, { params });
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const [left] = await client.query<{ parts: number }>(OLD_PARTS, {
      params: { ...params, before: clock?.now },
    });
    const isGone = Number(left?.parts) === 0;
    if (isGone || performance.now() > deadline) return { isGone, detached: Number(detached?.parts) };
    await delay(POLL_MS);
  }
}
