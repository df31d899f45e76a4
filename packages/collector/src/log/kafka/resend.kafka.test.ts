import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { type Admin, ConfigResourceTypes } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { createKafkaLoader } from '../../loader/kafka/create-kafka-loader.ts';
import { countsOf, exactly } from '../../loader/testing/loader-on-engine.ts';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { silentLogger } from '../../logger.ts';
import { openBufferedLog } from '../buffered/testing/open-buffered-log.ts';
import { CONNECT } from './clients.ts';
import { createKafkaLog } from './kafka-log.ts';
import { openKafka } from './kafkajs-client.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';
import { clientUnderTest } from './testing/client-under-test.ts';
import { readTopic } from './testing/read-topic.ts';

let broker: RunningKafka;
let engine: TestEngine;
let connection: { brokers: string[] };
let admin: Admin;
const TOPICS = [EVENTS_TOPIC, REJECTED_TOPIC];

beforeAll(async () => {
  [broker, engine] = await Promise.all([startKafka(), startTestEngine()]);
  connection = { brokers: broker.brokers };
  admin = openKafka(connection, 5000).admin();
  await admin.connect();
});
afterAll(async () => {
  await admin?.disconnect();
  await Promise.all([broker?.stop(), engine?.close()]);
});

function startLoader() {
  const loader = createKafkaLoader({
    connection,
    client: engine.admin,
    logger: silentLogger,
    limits: { rows: 7, ageMs: 20 },
    metadataMaxAgeMs: 500,
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  const stop = async () => {
    ending.abort();
    await running;
  };
  return { loader, stop };
}

async function configure(settings: Record<string, string>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: TOPICS.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configEntries })),
  });
}

it('a record whose acknowledgement was lost goes over again, and each of its rows is loaded once', async () => {
  let lost = 0;
  const log = createKafkaLog({
    connection,
    createTopics: { partitions: 3 },
    // Topics that were made just now may have no leader yet.
    retries: 5,
    connect: async (options) => {
      const sender = await CONNECT[clientUnderTest](options);
      return {
        ...sender,
        async send(messages) {
          await sender.send(messages);
          if (lost++ % 2 === 0) throw new Error('the answer was lost');
        },
      };
    },
  });
  const records = Array.from({ length: 20 }, (_, number) =>
    makeRecord({ projectId: 700, events: [{ id: `e${number}` }], rejected: ['same', 'same'] }),
  );
  for (const record of records) await log.append(record);
  await log.close();
  expect(lost).toBeGreaterThanOrEqual(40);
  expect((await readTopic(connection, REJECTED_TOPIC)).length).toBeGreaterThanOrEqual(80);

  const { loader, stop } = startLoader();
  await expect
    .poll(() => countsOf(engine.admin, 700), { timeout: 60_000, interval: 100 })
    .toEqual(exactly(20, 40));
  await expect.poll(() => loader.drain()).toBe(true);
  expect(await countsOf(engine.admin, 700)).toEqual(exactly(20, 40));
  await stop();
});

it('a buffered event that is larger than the topic takes goes to the rejected ones, and lets the others by', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-too-large-'));
  await configure({ 'max.message.bytes': '5000' });
  const log = await openBufferedLog(folder, ['127.0.0.1:1']);
  const events = ['before', 'large', 'after'].map((id) => {
    return { id, row: { path: id === 'large' ? 'x'.repeat(20_000) : '/' } };
  });
  for (const event of events) await log.append(makeRecord({ projectId: 701, events: [event] }));
  await log.close();

  const draining = await openBufferedLog(folder, broker.brokers);
  await expect.poll(() => draining.status().kafka?.drained, { timeout: 20_000 }).toBe(3);
  const { stop } = startLoader();
  await expect
    .poll(() => countsOf(engine.admin, 701), { timeout: 60_000, interval: 100 })
    .toEqual(exactly(2, 1));
  const rows = await engine.admin.query(
    'SELECT message_id, reason, startsWith(payload, \'{"project_id":701\') AS kept FROM rejected_events WHERE project_id = 701',
  );
  expect(rows).toEqual([{ message_id: 'large', reason: 'event_too_large', kept: 1 }]);
  await stop();
  await draining.close();
  await configure({ 'max.message.bytes': '1048588' });
  await rm(folder, { recursive: true });
});

it('topics that grow are written and loaded wholly, and a retry that lands elsewhere is dropped', async () => {
  const log = createKafkaLog({ connection, partitionsMaxAgeMs: 0 });
  const { loader, stop } = startLoader();
  const now = Date.now();
  const batch = (run: string) =>
    makeRecord({
      projectId: 702,
      receivedAt: Date.now(),
      events: Array.from({ length: 40 }, (_, n) => ({ id: `${run}${n}`, madeAt: now })),
    });
  await log.append(batch('first'));
  await expect.poll(async () => (await countsOf(engine.admin, 702)).events, { timeout: 30_000 }).toBe(40);
  await admin.createPartitions({ topicPartitions: TOPICS.map((topic) => ({ topic, count: 7 })) });
  // A partition that was made just now may have no leader yet.
  const used = async () => {
    const found = await readTopic(connection, EVENTS_TOPIC).catch(() => []);
    return new Set(found.map(({ partition }) => partition));
  };
  for (let round = 0; (await used()).size < 7; round++) await log.append(batch(`round${round}-`));
  await expect.poll(() => loader.status().partitions.length, { timeout: 30_000 }).toBe(14);
  await log.append(batch('first'));
  await log.append(batch('last'));
  await expect.poll(() => loader.drain(), { timeout: 30_000 }).toBe(true);
  const found = await countsOf(engine.admin, 702);
  expect(found).toEqual(exactly(found.events));
  expect(found.events % 40).toBe(0);
  expect(loader.status().totals.duplicatesRefused).toBeGreaterThanOrEqual(40);
  await stop();
  await log.close();
}, 90_000);
