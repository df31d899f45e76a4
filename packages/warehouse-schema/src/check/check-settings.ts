import type { WarehouseClient } from '../client.ts';
import { KAFKA_ENGINE_TABLES } from '../kafka-engine/kafka-engine-statements.ts';
import type { Finding } from './finding.ts';

/** Settings that exactly-once rests on, each with what it must at least be. */
interface Demand {
  setting: string;
  least: number;
  why: string;
}

const WINDOW = 10_000;
const FORTNIGHT_SECONDS = 14 * 24 * 60 * 60;
const SYNCED: Demand[] = [
  { setting: 'fsync_after_insert', least: 1, why: 'a power cut may take back rows that were acknowledged' },
  { setting: 'fsync_part_directory', least: 1, why: 'a power cut may take back rows that were acknowledged' },
];
const ONE_SERVER: Demand[] = [
  {
    setting: 'non_replicated_deduplication_window',
    least: WINDOW,
    why: 'a retried insert may be counted twice',
  },
];
const REPLICATED: Demand[] = [
  { setting: 'replicated_deduplication_window', least: WINDOW, why: 'a retried insert may be counted twice' },
  {
    setting: 'replicated_deduplication_window_seconds',
    least: FORTNIGHT_SECONDS,
    why: 'a retry after an outage may be counted twice',
  },
];

/** Tables that hold no events, and so need no deduplication; those of the Kafka engine must not have it (see their file). */
const EXEMPT = ['schema_migrations', 'rollup_backfills', 'warehouse_moves', ...KAFKA_ENGINE_TABLES];

/** Looks at every MergeTree table of the database for the settings that exactly-once needs. */
export async function checkSettings(client: WarehouseClient): Promise<Finding[]> {
  const tables = await client.query<{ name: string; engine: string; engine_full: string }>(
    `SELECT name, engine, engine_full FROM system.tables
     WHERE database = {database:String} AND engine LIKE '%MergeTree' AND name NOT IN {exempt:Array(String)}
     ORDER BY name`,
    { params: { database: client.database, exempt: EXEMPT } },
  );
  return tables.flatMap(({ name, engine, engine_full }) => {
    const demands = [...SYNCED, ...(engine.startsWith('Replicated') ? REPLICATED : ONE_SERVER)];
    return demands.flatMap(({ setting, least, why }): Finding[] => {
      const found = Number(new RegExp(`\\b${setting} = (\\d+)`).exec(engine_full)?.[1] ?? 0);
      if (found >= least) return [];
      return [
        {
          severity: 'error',
          code: 'table_setting',
          message: `Table ${name} has ${setting} = ${found}, but needs at least ${least}: ${why}.`,
          fix: `ALTER TABLE ${client.database}.${name} MODIFY SETTING ${setting} = ${least}`,
        },
      ];
    });
  });
}
