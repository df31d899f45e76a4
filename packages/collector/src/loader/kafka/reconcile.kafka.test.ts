import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { EVENTS_TOPIC } from '../../log/kafka/message.ts';
import { silentLogger } from '../../logger.ts';
import { countsOf, exactly } from '../testing/loader-on-engine.ts';
import { RECEIVED_AT, type TestRecord } from '../testing/make-record.ts';
import { createKafkaLoader, type KafkaLoader } from './create-kafka-loader.ts';
import { reconcileKafka } from './reconcile-kafka.ts';
import { createTestProducer, createTopics } from './testing/kafka-events.ts';

const projectId = 800;
let broker: RunningKafka;
let engine: TestEngine;
let admin: Admin;
let loader: KafkaLoader;
let stopLoader: () => Promise<void>;
let producer: Awaited<ReturnType<typeof createTestProducer>>;

const RECORDS = Array.from({ length: 60 }, (_, number): TestRecord => {
  const events = Array.from({ length: 5 }, (_, index) => ({ id: `${number}-${index}` }));
  const again = { id: `${Math.max(0, number - 3)}-1` };
  return {
    projectId,
    receivedAt: RECEIVED_AT + number * 1000,
    events: [...events, again],
    rejected: [`r${number}`],
  };
});

beforeAll(async () => {
  [broker, engine] = await Promise.all([startKafka(), startTestEngine()]);
  const kafka = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });
  await createTopics(kafka);
  admin = kafka.admin();
  await admin.connect();
  producer = await createTestProducer(kafka);
  await producer.send(RECORDS);
  await producer.send(RECORDS.slice(0, 20));
  loader = createKafkaLoader({
    connection: { brokers: broker.brokers },
    client: engine.admin,
    limits: { rows: 40, ageMs: 20 },
    logger: silentLogger,
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  stopLoader = async () => {
    ending.abort();
    await running;
  };
});
afterAll(async () => {
  await stopLoader?.();
  await producer?.close();
  await admin?.disconnect();
  await Promise.all([broker?.stop(), engine?.close()]);
});

const WHOLE = exactly(300, 60);
const counts = () => countsOf(engine.admin, projectId);
const run = (options: { repair?: boolean; from?: number; to?: number } = {}) =>
  reconcileKafka({
    connection: { brokers: broker.brokers },
    client: engine.admin,
    logger: silentLogger,
    ...options,
  });

it('finds nothing where nothing is wrong, beside a running loader', async () => {
  await expect.poll(counts, { timeout: 60_000, interval: 100 }).toEqual(WHOLE);
  await expect.poll(() => loader.drain()).toBe(true);
  const report = await run();
  expect(report.rows).toMatchObject([
    { table: 'events', against: 'log', expected: 300, missing: 0, surplus: 0, notComparable: 0 },
    { table: 'rejected_events', expected: 60, missing: 0, surplus: 0, notComparable: 0 },
  ]);
  expect(report).toMatchObject({ isExact: true });
});

it('says what is missing and what is there twice, and mends it when told to', async () => {
  await engine.admin.command("DELETE FROM events WHERE message_id IN ('3-1', '7-2', '44-4')");
  await engine.admin.command("DELETE FROM message_ids WHERE message_id LIKE '5-%'");
  await engine.admin.command("DELETE FROM rejected_events WHERE message_id IN ('r1', 'r30')");
  await engine.admin.command("INSERT INTO events SELECT * FROM events WHERE message_id LIKE '11-%'");
  const damaged = await counts();
  const seen = await run();
  expect(seen.isExact).toBe(false);
  expect(seen.rows[0]).toMatchObject({ table: 'events', missing: 3, surplus: 5, repaired: false });
  expect(seen.rows[1]).toMatchObject({ missing: 2, surplus: 0 });
  expect(await counts()).toEqual(damaged);

  await run({ repair: true });
  expect(await counts()).toEqual(WHOLE);
  expect((await run()).isExact).toBe(true);
});

it('looks only at what arrived in the given time', async () => {
  await engine.admin.command("DELETE FROM events WHERE message_id IN ('5-0', '40-0')");
  const report = await run({ from: RECEIVED_AT + 30_000, to: RECEIVED_AT + 50_000 });
  expect(report.rows[0]).toMatchObject({ expected: 100, missing: 1 });
  await run({ repair: true });
  expect(await counts()).toEqual(WHOLE);
});

it('of an id that two partitions have brought in, removes one, and the same one whoever asks', async () => {
  const [row] = await engine.admin.query<{ log_id: string }>(
    "SELECT log_id FROM events WHERE message_id = '8-0'",
  );
  const other = (Number(row?.log_id.at(-1)) + 1) % 3;
  await producer.sendTo(other, { projectId, receivedAt: RECEIVED_AT + 8000, events: [{ id: '8-0' }] });
  await expect.poll(() => loader.drain()).toBe(true);
  const ends = await admin.fetchTopicOffsets(EVENTS_TOPIC);
  const offset = Number(ends.find(({ partition }) => partition === other)?.high) - 1;
  const position = `'kafka:${EVENTS_TOPIC}:${other}' AS log_id, ${offset} AS log_offset, 0 AS log_index`;
  // As if the other partition's loader had not known of it: the loader itself drops it, or is offered it late.
  await engine.admin.command(
    `INSERT INTO events SELECT * REPLACE (${position}) FROM events WHERE message_id = '8-0' LIMIT 1`,
  );
  const before = (await counts()).events;
  expect((await run()).rows[0]).toMatchObject({ missing: 0, surplus: before - 300 });
  await run({ repair: true });
  // What `message_ids` knows beyond `events` is right: the id was there.
  expect(await counts()).toEqual({ ...WHOLE, messageIds: 301 });
  expect((await run()).isExact).toBe(true);
});

it('calls no row surplus whose message is out of retention, and keeps it', async () => {
  const ends = await admin.fetchTopicOffsets(EVENTS_TOPIC);
  await admin.deleteTopicRecords({
    topic: EVENTS_TOPIC,
    partitions: ends.map(({ partition, high }) => {
      return { partition, offset: String(Math.floor(Number(high) / 2)) };
    }),
  });
  const report = await run({ repair: true });
  expect(report.rows[0]).toMatchObject({ missing: 0, surplus: 0 });
  expect(report.rows[0]?.expected).toBeLessThan(300);
  expect((await counts()).events).toBe(300);
});
