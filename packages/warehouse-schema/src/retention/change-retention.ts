import { setTimeout as delay } from 'node:timers/promises';
import type { WarehouseClient } from '../client.ts';
import { type RollupPlace, rebuildPlaces } from '../rollups/compare-rollups.ts';
import { ROLLUPS } from '../rollups/rollups.ts';

export interface ChangeRetentionOptions {
  /** An administrator of the warehouse. Over shards: of the shard whose rows change. */
  client: WarehouseClient;
  projectId: number;
  /** How long rows are kept, in days from their own time. */
  days: number;
  /** Runs the operation while nothing is inserted into `events`. It is short. */
  standStill<T>(operation: () => Promise<T>): Promise<T>;
  signal?: AbortSignal;
}

/** What a table had to change. */
export interface RetentionChange {
  table: string;
  /** Rows that were kept for another time. */
  rows: number;
}

const POLL_MS = 100;

/**
 * Gives the rows of a project that are there already another retention, in every table whose rows have one, and has those
 * go whose time is over by it; resolves once they are gone. Rollups without people in them, such as `events_15m`, stay, as
 * they do when rows expire by themselves. May be repeated after it was cut off.
 * @throws Error with ClickHouse's words where a table cannot be changed.
 */
export async function changeRetention(options: ChangeRetentionOptions): Promise<RetentionChange[]> {
  const { client, projectId, days } = options;
  const found = await client.query<{ name: string; is_key: boolean }>(TABLES, {
    params: { database: client.database },
  });
  const tables = found.filter(({ is_key }) => !is_key);
  const params = { project: projectId, days };
  const changes: RetentionChange[] = [];
  // What is inserted after a mutation was asked for is none of its rows: all tables are asked between two inserts, so
  // that an event and what was made of it are changed both, or neither.
  await options.standStill(async () => {
    for (const { name } of tables) {
      const [row] = await client.query<{ n: number }>(
        `SELECT count() AS n FROM ${name} WHERE project_id = {project:UInt32} AND retention_days != {days:UInt16}`,
        { params },
      );
      const rows = Number(row?.n ?? 0);
      changes.push({ table: name, rows });
      if (rows === 0) continue;
      await client.command(
        `ALTER TABLE ${name} UPDATE retention_days = {days:UInt16}
         WHERE project_id = {project:UInt32} AND retention_days != {days:UInt16}`,
        { params, settings: { mutations_sync: 0 } },
      );
    }
  });
  const changed = tables.filter(({ name }) => changes.some(({ table, rows }) => table === name && rows > 0));
  await finished(
    options,
    changed.map(({ name }) => name),
  );
  for (const { name } of changed) {
    await client.command(`ALTER TABLE ${name} MATERIALIZE TTL`, { settings: { mutations_sync: 0 } });
  }
  await finished(
    options,
    changed.map(({ name }) => name),
  );
  for (const { name } of found.filter(({ is_key }) => is_key)) changes.push(await makeAnew(options, name));
  return changes;
}

/** What has the retention in its key cannot be changed, and is made anew from the events, whose own is changed by now. */
async function makeAnew(
  { client, projectId, days, standStill }: ChangeRetentionOptions,
  table: string,
): Promise<RetentionChange> {
  const rollup = ROLLUPS.find(({ name }) => name === table);
  if (!rollup)
    throw new Error(`${table} has retention_days in its key, and is no rollup: it cannot be changed`);
  return standStill(async () => {
    const places = await client.query<RollupPlace & { n: number }>(
      `SELECT {table:String} AS rollup, project_id, toString(utc_day) AS day, count() AS n FROM ${table}
       WHERE project_id = {project:UInt32} AND retention_days != {days:UInt16} GROUP BY project_id, utc_day`,
      { params: { table, project: projectId, days } },
    );
    await rebuildPlaces(client, rollup, places);
    return { table, rows: places.reduce((sum, { n }) => sum + Number(n), 0) };
  });
}

/** The tables of this server whose rows say how long they are kept. */
const TABLES = `
SELECT t.name AS name, maxIf(c.is_in_sorting_key, c.name = 'retention_days') = 1 AS is_key
FROM system.tables AS t
INNER JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
WHERE t.database = {database:String} AND t.engine LIKE '%MergeTree' AND c.name IN ('retention_days', 'project_id')
    AND position(t.engine_full, 'TTL ') > 0 AND NOT match(t.name, '_(rebuild|moving)$')
GROUP BY name
HAVING uniqExact(c.name) = 2
ORDER BY name`;

async function finished({ client, signal }: ChangeRetentionOptions, tables: string[]): Promise<void> {
  if (tables.length === 0) return;
  for (;;) {
    signal?.throwIfAborted();
    const [row] = await client.query<{ left: number; reason: string }>(
      `SELECT count() AS left, max(latest_fail_reason) AS reason FROM system.mutations
       WHERE database = {database:String} AND table IN {tables:Array(String)} AND NOT is_done`,
      { params: { database: client.database, tables } },
    );
    if (Number(row?.left ?? 0) === 0) return;
    if (row?.reason) throw new Error(`the retention of rows cannot be changed: ${row.reason}`);
    await delay(POLL_MS);
  }
}
