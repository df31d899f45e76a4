import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import {
  ADMIN_USER,
  createPersonDictionary,
  createWarehouseClient,
  DATABASE,
  followActivity,
  migrate,
  READER_USER,
  startEmbeddedClickHouse,
} from '@millrace/warehouse-schema';
import { fillStatements } from './generate.mjs';

const LOADING_BYTES = 3e9;
const PASSWORDS = { adminPassword: 'bench', readerPassword: 'bench' };
/** So that a row says what a query costs, not what an earlier one left behind. */
const SETTINGS = { max_threads: 2, use_query_condition_cache: 0, wait_end_of_query: 1 };

/**
 * Starts ClickHouse on `dataDir` within `memoryBytes`. `reader` is a client as insights take it that adds up in `spent`
 * the milliseconds of CPU and the greatest peak of memory of what it was asked.
 */
export async function openWarehouse({ dataDir, memoryBytes }) {
  const clickHouse = await startEmbeddedClickHouse({ dataDir, maxMemoryBytes: memoryBytes, ...PASSWORDS });
  const { url } = clickHouse;
  const admin = createWarehouseClient({
    url,
    username: ADMIN_USER,
    password: PASSWORDS.adminPassword,
    requestTimeoutMs: 3_600_000,
  });
  const asReader = createClient({
    url,
    username: READER_USER,
    password: PASSWORDS.readerPassword,
    database: DATABASE,
    request_timeout: 600_000,
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, json_type_escape_dots_in_keys: 1 },
  });
  // Of a folder that was filled before, what has come since.
  await migrate({ client: admin });
  await createPersonDictionary(admin, { username: ADMIN_USER, password: PASSWORDS.adminPassword });
  const spent = { cpuMs: 0, peakBytes: 0 };
  const cpuUs = async () => {
    const [row] = await admin.query(
      "SELECT value FROM system.events WHERE event = 'OSCPUVirtualTimeMicroseconds'",
    );
    return row.value;
  };
  const reader = {
    url,
    database: DATABASE,
    async query(sql, { params, settings, queryId, signal } = {}) {
      const before = await cpuUs();
      const result = await asReader.query({
        query: sql,
        format: 'JSONEachRow',
        ...(params && { query_params: params }),
        ...(queryId && { query_id: queryId }),
        ...(signal && { abort_signal: signal }),
        clickhouse_settings: { ...settings, ...SETTINGS },
      });
      const rows = await result.json();
      spent.cpuMs += ((await cpuUs()) - before) / 1000;
      const summary = JSON.parse(result.response_headers['x-clickhouse-summary']);
      spent.peakBytes = Math.max(spent.peakBytes, Number(summary.memory_usage));
      return rows;
    },
  };
  const stop = async () => {
    await Promise.all([admin.close(), asReader.close()]);
    await clickHouse.stop();
  };
  return { admin, reader, spent, stop };
}

/** Makes the tables and fills them with `events` events between `from` and `to`; merges what that left in parts. */
export async function fillWarehouse({ dataDir, events, from, to }) {
  const { admin, stop } = await openWarehouse({ dataDir, memoryBytes: LOADING_BYTES });
  try {
    const settings = {
      max_threads: 2,
      max_insert_threads: 1,
      min_insert_block_size_rows: 200_000,
      min_insert_block_size_bytes: 0,
      min_insert_block_size_rows_for_materialized_views: 200_000,
      max_partitions_per_insert_block: 0,
      deduplicate_blocks_in_dependent_materialized_views: 0,
      async_insert: 0,
      optimize_on_insert: 1,
    };
    for (const statement of fillStatements({ events, from, to }))
      await admin.command(statement, { settings });
    // What `followPeople` would note of these links: of each id there is one, so who it belongs to needs no deciding.
    await admin.command(
      'INSERT INTO person_override_versions SELECT project_id, from_id, (1, any(to_id)) FROM identity_links GROUP BY project_id, from_id',
    );
    await keepActivity(admin);
    await standInDefinitions(admin, { from });
    const tables = await admin.query(
      "SELECT DISTINCT table AS name, partition_id AS id FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('events', 'events_15m', 'exposures', 'identity_links', 'activity_daily', 'person_numbers', 'person_number_overrides')",
    );
    for (const { name, id } of tables)
      await admin.command(`OPTIMIZE TABLE ${name} PARTITION ID '${id}' FINAL`);
    const [row] = await admin.query('SELECT count() AS count FROM events');
    return row.count;
  } finally {
    await stop();
  }
}

/** What the loader's process does with events that were loaded, for the days of UTC. */
export async function keepActivity(admin) {
  const problems = [];
  const log = (line) => problems.push(line);
  const activity = followActivity({ client: admin, zones: ['UTC'], intervalMs: 3_600_000, log });
  await activity.look();
  await activity.close();
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** Tables in place of the dictionaries that ClickHouse would read from PostgreSQL: five experiments of two variants. */
async function standInDefinitions(admin, { from }) {
  const experiment = "1 AS project_id, concat('experiment-', toString(number)) AS experiment, 1 AS phase";
  const engine = 'ENGINE = MergeTree ORDER BY tuple() AS';
  await admin.command(
    `CREATE OR REPLACE TABLE phases ${engine} SELECT ${experiment}, 'anonymousId' AS unit_type, toUInt32(1) AS bucketing_version, 't' AS traffic_salt, 'v' AS variant_salt, toUInt16(0) AS traffic_start, toUInt16(10000) AS traffic_end, toInt64(${from}) AS started_at_ms, toInt64(0) AS ended_at_ms FROM numbers(5)`,
  );
  await admin.command(
    `CREATE OR REPLACE TABLE variants ${engine} SELECT ${experiment}, toUInt16(v * 5000) AS first_bucket, toUInt16(v * 5000 + 4999) AS last_bucket, ['control', 'treatment'][v + 1] AS variant FROM numbers(5) ARRAY JOIN [0, 1] AS v`,
  );
}
