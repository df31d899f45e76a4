import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaLog } from '@millrace/collector';
import { createWarehouseClient } from '@millrace/warehouse-schema';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../scripts/services/kafka.mjs';
import { COMMANDS } from '../commands.ts';
import { runCli } from '../run-cli.ts';
import { testIo } from '../testing/test-io.ts';

let broker: RunningKafka;
let engine: TestEngine;
let dataDir: string;

beforeAll(async () => {
  [broker, engine] = await Promise.all([startKafka(), startTestEngine({ migrated: false })]);
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
});
afterAll(async () => {
  await Promise.all([broker?.stop(), engine?.close()]);
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

async function millrace(...argv: string[]) {
  const url = new URL(engine.url);
  url.username = 'millrace_admin';
  url.password = engine.adminPassword;
  const io = testIo({
    MILLRACE_DATA: dataDir,
    CLICKHOUSE_URL: url.href,
    KAFKA_BROKERS: broker.brokers.join(','),
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  });
  const code = await runCli({ argv, io, commands: COMMANDS, version: '0' });
  return { code, out: io.out(), err: io.err() };
}

async function send(packing: 'events' | 'lines', ids: string[]) {
  const connection = { brokers: broker.brokers };
  const log = createKafkaLog({ connection, packing, createTopics: { partitions: 2 } });
  const rows = ids.map((message_id) => ({
    project_id: 4,
    message_id,
    type: 'track',
    event: packing,
    timestamp: Date.now(),
    received_at: Date.now(),
    anonymous_id: 'a',
    retention_days: 365,
    content_hash: 1,
  }));
  const refused = { ...rows[0], reason: 'too_deep', detail: 'd', payload: packing };
  await log.append({
    meta: { v: 1, projectId: 4, receivedAt: Date.now(), marks: ids.map((id) => [id, null, 1]), rejected: 1 },
    rows: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    rejected: Buffer.from(`${JSON.stringify(refused)}\n`),
  });
  await log.close();
}

const rows = <Row>(sql: string) => engine.reader.query<Row>(sql);

it('consumes what the collector wrote in either packing, and doctor says how far it is and what it promises', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `id-${n}`);
  await send('events', ids);
  await send(
    'lines',
    ids.map((id) => `lines-${id}`),
  );
  expect(await millrace('kafka-engine', 'create')).toMatchObject({
    code: 0,
    err: expect.stringContaining('ClickHouse consumes'),
  });
  const counts = () =>
    rows(
      'SELECT event, count() AS n, uniq(message_id) AS ids FROM kafka_events GROUP BY event ORDER BY event',
    );
  await expect.poll(counts, { timeout: 30_000 }).toEqual([
    { event: 'events', n: 20, ids: 20 },
    { event: 'lines', n: 20, ids: 20 },
  ]);
  expect(await rows('SELECT payload, reason FROM kafka_rejected ORDER BY payload')).toEqual([
    { payload: 'events', reason: 'too_deep' },
    { payload: 'lines', reason: 'too_deep' },
  ]);
  await expect
    .poll(async () => (await millrace('doctor')).out, { timeout: 30_000 })
    .toMatch(/ok +kafka-engine +the group millrace-kafka-engine is 0 messages behind/);
  expect((await millrace('doctor')).out).toMatch(/filled at least once: of 40 rows .* 0 repeat a message_id/);
});

it('plans without a change, and ends when told to', async () => {
  const plan = await millrace(
    'kafka-engine',
    'plan',
    '--brokers',
    'k:1,l:2',
    '--topics',
    'a,b',
    '--group',
    'g',
    '--consumers',
    '3',
  );
  expect(plan.out).toContain("kafka_broker_list = 'k:1,l:2'");
  expect(plan.out).toContain("kafka_topic_list = 'a,b,millrace.rejected'");
  expect(plan.out).not.toMatch(/\{\w+\}/);
  expect(await millrace('kafka-engine', 'drop')).toMatchObject({ code: 0 });
  expect((await millrace('doctor')).out).not.toContain('kafka-engine');
  expect(await rows('SELECT count() AS n FROM kafka_events')).toEqual([{ n: 40 }]);
  expect(await millrace('kafka-engine', 'drop', '--with-data')).toMatchObject({ code: 0 });
});

it.each([
  [['kafka-engine'], 'expected create, plan or drop'],
  [['kafka-engine', 'make'], 'got "make"'],
  [['kafka-engine', 'create', '--group', 'millrace-loader'], "not the loader's"],
  [['kafka-engine', 'create', '--topics', 'a b'], 'expected names of topics'],
  [['kafka-engine', 'create', '--brokers', 'nowhere'], '--brokers nowhere: expected'],
  [['kafka-engine', 'create', '--consumers', '0'], '--consumers 0: expected a whole number'],
  [['kafka-engine', 'create', '--with-data'], '--with-data goes with drop only'],
])('refuses %j', async (argv, words) => {
  expect(await millrace(...argv)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
});

it('a ClickHouse that cannot be reached is said in words', async () => {
  const client = createWarehouseClient({ url: 'http://127.0.0.1:1', username: 'a', password: 'b' });
  await client.close();
  const io = testIo({
    MILLRACE_DATA: dataDir,
    CLICKHOUSE_URL: 'http://a:b@127.0.0.1:1',
    KAFKA_BROKERS: 'k:1',
  });
  const code = await runCli({ argv: ['kafka-engine', 'create'], io, commands: COMMANDS, version: '0' });
  expect(code).toBe(1);
  expect(io.err()).toContain('ECONNREFUSED');
});
