import { readFileSync } from 'node:fs';
import { packageFile } from '../package-files.ts';
import { splitStatements } from '../split-statements.ts';
import { sqlText } from '../sql-text.ts';
import { KAFKA_ENGINE_GROUP, KAFKA_ENGINE_TOPICS, type KafkaEngineOptions } from './kafka-engine-options.ts';

/** Tables that keep their rows; made once and never replaced. */
export const KAFKA_ENGINE_TABLES = ['kafka_events', 'kafka_rejected'] as const;
/** What only moves or shows rows, in the order in which it is taken away: who reads goes before what is read. */
const MOVING = [
  'raw_events_kafka_mv',
  'raw_events_kafka',
  'kafka_events_mv',
  'kafka_rejected_mv',
  'kafka_lines',
];
const SHOWING = ['kafka_events_once', 'kafka_events_daily'];

/** The statements that make the tables and views of `kafka-engine/`, in order; they hold the password. */
export function kafkaEngineStatements(options: KafkaEngineOptions): string[] {
  const values = valuesOf(options);
  const files = ['01_tables.sql', '02_views.sql', '03_consumer.sql'].map(read);
  return files
    .flatMap((text) => splitStatements(text))
    .map((statement) => statement.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole));
}

/** The statements that make the tables that keep rows. */
export function tableStatements(): string[] {
  return splitStatements(read('01_tables.sql'));
}

/** Takes away what moves rows, so that it can be made anew; with `data`, the tables and what shows them as well. */
export function dropStatements({ data }: { data: boolean }): string[] {
  const names = data ? [...MOVING, ...SHOWING, ...KAFKA_ENGINE_TABLES] : MOVING;
  return names.map((name) => `DROP TABLE IF EXISTS ${name} SYNC`);
}

function read(file: string): string {
  return readFileSync(packageFile(`kafka-engine/${file}`), 'utf8');
}

function valuesOf(options: KafkaEngineOptions): Record<string, string> {
  const { brokers, topics = [KAFKA_ENGINE_TOPICS.events], group = KAFKA_ENGINE_GROUP } = options;
  const rejectedTopic = options.rejectedTopic ?? KAFKA_ENGINE_TOPICS.rejected;
  return {
    // Both stand within a literal as well; they have no quotes that would end it.
    row: read('row.type').trim(),
    properties: read('properties.type').trim(),
    brokers: sqlText(names('brokers', brokers).join(',')),
    topics: sqlText([...new Set([...names('topics', topics), rejectedTopic])].join(',')),
    rejected_topic: sqlText(rejectedTopic),
    group: sqlText(group),
    consumers: String(wholeNumber('consumers', options.consumers ?? 1, 1, 64)),
    project_id: String(wholeNumber('projectId', options.projectId ?? 1, 1, 2 ** 31 - 1)),
    retention_days: String(wholeNumber('retentionDays', options.retentionDays ?? 730, 1, 36_500)),
    security: securityOf(options),
  };
}

/** ClickHouse splits both lists at commas. */
function names(field: string, list: readonly string[]): readonly string[] {
  if (list.length > 0 && list.every((name) => /^[^\s,]+$/.test(name))) return list;
  throw new TypeError(`${field}: expected names without commas or spaces, got ${JSON.stringify(list)}`);
}

function wholeNumber(field: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${field}: expected a whole number from ${min} to ${max}, got ${value}`);
}

function securityOf({ tls = false, sasl }: KafkaEngineOptions): string {
  const settings: [string, string][] = [];
  if (tls || sasl)
    settings.push(['kafka_security_protocol', `${sasl ? 'sasl_' : ''}${tls ? 'ssl' : 'plaintext'}`]);
  if (sasl) {
    settings.push(['kafka_sasl_mechanism', sasl.mechanism.toUpperCase()]);
    settings.push(['kafka_sasl_username', sasl.username], ['kafka_sasl_password', sasl.password]);
  }
  return settings.map(([name, value]) => `,\n    ${name} = ${sqlText(value)}`).join('');
}
