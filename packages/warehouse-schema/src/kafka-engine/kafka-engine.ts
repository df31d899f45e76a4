import type { WarehouseClient } from '../client.ts';
import { renderReplicated } from '../migrations/render-cluster.ts';
import type { KafkaEngineOptions } from './kafka-engine-options.ts';
import { dropStatements, kafkaEngineStatements, tableStatements } from './kafka-engine-statements.ts';

/**
 * The statements of `createKafkaEngine`, for one who runs them by hand; with the password, if there is one.
 * @throws TypeError that names the option at fault.
 */
export async function planKafkaEngine(
  client: WarehouseClient,
  options: KafkaEngineOptions,
): Promise<string[]> {
  return renderReplicated(client, [...dropStatements({ data: false }), ...kafkaEngineStatements(options)]);
}

/**
 * Lets ClickHouse itself consume the topics, into tables of its own: events into `kafka_events`, what is none into
 * `kafka_rejected`. At least once: after a crash or a rebalance rows are there twice, under the same message_id. May run
 * again, with other options too: the tables and the group's place stay.
 * @throws TypeError that names the option at fault; ClickHouseError where the user lacks a right.
 */
export async function createKafkaEngine(client: WarehouseClient, options: KafkaEngineOptions): Promise<void> {
  for (const statement of await planKafkaEngine(client, options)) await client.command(statement);
}

/** Makes the tables alone, which nothing fills then: for rows that come from another warehouse. */
export async function createKafkaEngineTables(client: WarehouseClient): Promise<void> {
  for (const statement of await renderReplicated(client, tableStatements())) await client.command(statement);
}

/** Ends the consuming; with `data`, removes what was consumed as well. The consumer group stays in Kafka. */
export async function dropKafkaEngine(client: WarehouseClient, options: { data: boolean }): Promise<void> {
  for (const statement of dropStatements(options)) await client.command(statement);
}

/** What a Kafka engine in this warehouse says of itself. */
export interface KafkaEngineStatus {
  group: string;
  topics: string[];
  brokers: string[];
  /** Rows of the last 24 hours, and how many of them repeat a message id. */
  events: number;
  doubles: number;
  rejected: number;
  /** The newest error of a consumer since ClickHouse started, with when it came in Unix milliseconds. */
  lastError?: { at: number; text: string };
}

const SETTINGS = `
SELECT engine_full FROM system.tables
WHERE database = {database:String} AND name = 'raw_events_kafka'`;

const LAST_DAY = `
SELECT
    (SELECT count() FROM kafka_events WHERE inserted_at > now64(3) - toIntervalDay(1)) AS events,
    events - (SELECT uniqExact(project_id, message_id) FROM kafka_events WHERE inserted_at > now64(3) - toIntervalDay(1)) AS doubles,
    (SELECT count() FROM kafka_rejected WHERE inserted_at > now64(3) - toIntervalDay(1)) AS rejected`;

const LAST_ERROR = `
SELECT toUnixTimestamp(time) * 1000 AS at, text
FROM system.kafka_consumers
ARRAY JOIN exceptions.time AS time, exceptions.text AS text
WHERE database = {database:String} AND table = 'raw_events_kafka'
ORDER BY time DESC LIMIT 1`;

/** What the Kafka engine of this warehouse reads and has read; undefined where there is none. */
export async function kafkaEngineStatus(client: WarehouseClient): Promise<KafkaEngineStatus | undefined> {
  const params = { database: client.database };
  const [table] = await client.query<{ engine_full: string }>(SETTINGS, { params });
  if (!table) return undefined;
  const setting = (name: string) =>
    new RegExp(`\\b${name} = '((?:[^'\\\\]|\\\\.)*)'`).exec(table.engine_full)?.[1];
  const [counts] = await client.query<{ events: number; doubles: number; rejected: number }>(LAST_DAY);
  const [lastError] = await client.query<{ at: number; text: string }>(LAST_ERROR, { params });
  return {
    group: setting('kafka_group_name') ?? '',
    topics: (setting('kafka_topic_list') ?? '').split(','),
    brokers: (setting('kafka_broker_list') ?? '').split(','),
    events: counts?.events ?? 0,
    doubles: counts?.doubles ?? 0,
    rejected: counts?.rejected ?? 0,
    ...(lastError && { lastError: { ...lastError, text: lastError.text.split('\n')[0] ?? '' } }),
  };
}
