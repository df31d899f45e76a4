import type { WarehouseClient, WarehouseSettings } from '../client.ts';
import { clusterForm, onShard } from '../migrations/render-cluster.ts';
import type { LogSpan } from '../queries/log-queries.ts';
import { queryText, runQuery } from '../queries/run-query.ts';
import { splitStatements } from '../split-statements.ts';
import { ROLLUPS, type Rollup } from './rollups.ts';

/** UTC days (`2026-11-21`) by the events' own time, and by that of their arrival. */
export interface Days {
  event_days: string[];
  arrival_days: string[];
}

/** A day of one project in a rollup. */
export interface RollupPlace {
  rollup: string;
  project_id: number;
  day: string;
}

/** What one rollup has wrong in one project on one day. */
export interface RollupDifference extends RollupPlace {
  /** Events of `events` that it lacks. */
  missing: number;
  /** Events that it counts more often than `events` has them. */
  surplus: number;
  /** Quarters or hours that differ, in whatever column. */
  buckets: number;
}

/** The days that the events of a part of the log fall on. */
export async function touchedDays(client: WarehouseClient, span: LogSpan): Promise<Days> {
  const [days] = await runQuery<LogSpan, Days>(client, 'touched-days', span);
  return days ?? { event_days: [], arrival_days: [] };
}

/** The days on which `events` or a rollup has anything; times in Unix milliseconds, half-open. */
export async function daysBetween(
  client: WarehouseClient,
  span: { from: number; to: number },
): Promise<Days> {
  const [days] = await runQuery<typeof span, Days>(client, 'days-between', span);
  return days ?? { event_days: [], arrival_days: [] };
}

/** Compares every rollup with `events` on the given days; empty when they agree. Nothing may be inserted meanwhile. */
export async function compareRollups(client: WarehouseClient, days: Days): Promise<RollupDifference[]> {
  const found: RollupDifference[] = [];
  const { cluster } = await clusterForm(client);
  for (const rollup of ROLLUPS) {
    if (rollup.filledBy === 'job' && cluster !== undefined) continue;
    const wanted = rollup.dayOf === 'timestamp' ? days.event_days : days.arrival_days;
    found.push(...(await compareRollup(client, rollup, wanted)));
  }
  return found;
}

/**
 * Compares one rollup with `events` on the given days. `isShard`: only the rows of the shard that the client talks to.
 * Nothing may be inserted meanwhile.
 */
export async function compareRollup(
  client: WarehouseClient,
  rollup: Rollup,
  days: string[],
  isShard = false,
): Promise<RollupDifference[]> {
  if (days.length === 0) return [];
  const text = queryText(`rollups/${rollup.file}.compare`);
  const rows = await client.query<Omit<RollupDifference, 'rollup'>>(
    isShard ? onShard(text, ['events', rollup.name]) : text,
    { params: { days }, settings: SPILL },
  );
  return rows.map((row) => ({ rollup: rollup.name, ...row }));
}

/**
 * Makes what differs anew from `events`: only those days of those projects, so that rollups whose raw rows have expired
 * stay.
 * Nothing may be inserted into `events` meanwhile. May be repeated after it was cut off. Over shards it is the one that
 * the client talks to whose part is made anew.
 * @throws Error where another shard still differs after that.
 */
export async function rebuildRollups(
  client: WarehouseClient,
  differences: readonly RollupPlace[],
): Promise<void> {
  const { cluster } = await clusterForm(client);
  for (const rollup of ROLLUPS) {
    const own = differences.filter((one) => one.rollup === rollup.name);
    await rebuildPlaces(client, rollup, own, cluster !== undefined);
  }
  if (cluster !== undefined) await requireOtherShards(client, differences);
}

/**
 * Makes days of one rollup anew from `events`. `isShard`: those of the shard that the client talks to. Nothing may be
 * inserted into `events` meanwhile. May be repeated after it was cut off.
 */
export async function rebuildPlaces(
  client: WarehouseClient,
  rollup: Rollup,
  places: readonly RollupPlace[],
  isShard = false,
): Promise<void> {
  if (places.length === 0) return;
  const settings = { ...REBUILD, ...(await replaceByNothing(client)) };
  for (const partition of new Set(places.map(({ day }) => rollup.partitionOf(day)))) {
    const inside = places.filter(({ day }) => rollup.partitionOf(day) === partition);
    await rebuildPartition({ client, rollup, partition, places: inside, isShard, settings });
  }
}

async function requireOtherShards(client: WarehouseClient, mended: readonly RollupPlace[]): Promise<void> {
  const days = [...new Set(mended.map(({ day }) => day))];
  const [left] = await compareRollups(client, { event_days: days, arrival_days: days });
  if (!left) return;
  throw new Error(
    `${left.rollup} differs from events on ${left.day}, on another shard than ${client.url}: run millrace reconcile --repair with CLICKHOUSE_URL naming each shard`,
  );
}

/** Without tokens of their own, blocks of a rebuild would be compared with earlier ones by their content. */
const SPILL = {
  max_bytes_before_external_group_by: 200_000_000,
  max_bytes_before_external_sort: 200_000_000,
};
const REBUILD = {
  ...SPILL,
  insert_deduplicate: 0,
  deduplicate_insert_select: 'disable',
  max_insert_threads: 1,
};

/** Where nothing is left of a partition, newer versions of ClickHouse want to be told that this is meant. */
async function replaceByNothing(client: WarehouseClient): Promise<WarehouseSettings> {
  const found = await client.query<{ name: string }>(
    "SELECT name FROM system.settings WHERE name = 'allow_replace_partition_from_empty_source'",
  );
  return Object.fromEntries(found.map(({ name }) => [name, 1]));
}

async function rebuildPartition({
  client,
  rollup,
  partition,
  places,
  isShard,
  settings,
}: {
  client: WarehouseClient;
  rollup: Rollup;
  partition: number;
  places: readonly RollupPlace[];
  isShard: boolean;
  settings: WarehouseSettings;
}): Promise<void> {
  const params = {
    partition,
    days: [...new Set(places.map(({ day }) => day))],
    projects: places.map(({ project_id }) => project_id),
    project_days: places.map(({ day }) => day),
  };
  for (const statement of splitStatements(queryText(`rollups/${rollup.file}.rebuild`))) {
    await client.command(isShard ? onShard(statement, ['events', rollup.name]) : statement, {
      params,
      settings,
    });
  }
}
