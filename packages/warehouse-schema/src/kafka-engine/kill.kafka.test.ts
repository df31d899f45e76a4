import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../scripts/services/kafka.mjs';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { makeEventRow } from '../testing/make-event-row.ts';
import { createKafkaEngine, dropKafkaEngine } from './kafka-engine.ts';
import { KAFKA_ENGINE_GROUP } from './kafka-engine-options.ts';

const SECONDS = 9;
const A_SECOND = 3_000;
const TRIES = 10;

let broker: RunningKafka;
let engines: TestEngine[];
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  broker = await startKafka();
  engines = await Promise.all([startTestEngine(), startTestEngine()]);
  const kafka = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: ['millrace.events', 'millrace.rejected'].map((topic) => ({ topic, numPartitions: 6 })),
  });
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
});
afterAll(async () => {
  await producer?.disconnect();
  await admin?.disconnect();
  await broker?.stop();
  await Promise.all((engines ?? []).map((engine) => engine.close()));
});

const options = () => ({ brokers: broker.brokers });

interface Counts {
  rows: number;
  ids: string[];
  once: number;
  daily: { events: number; doubles: number };
}

async function countsOf({ admin }: TestEngine): Promise<Counts> {
  const [rows] = await admin.query<{ rows: number; once: number }>(
    'SELECT count() AS rows, (SELECT count() FROM kafka_events_once) AS once FROM kafka_events',
  );
  const ids = await admin.query<{ id: string }>('SELECT DISTINCT message_id AS id FROM kafka_events');
  const [daily] = await admin.query<{ events: number; doubles: number }>(
    'SELECT sum(events) AS events, sum(doubles) AS doubles FROM kafka_events_daily',
  );
  return {
    rows: rows?.rows ?? 0,
    once: rows?.once ?? 0,
    ids: ids.map(({ id }) => id),
    daily: daily ?? { events: 0, doubles: 0 },
  };
}

let sent = 0;

/** Sends events in lines of ten. */
async function send(producer: Producer, events: number): Promise<void> {
  const messages = Array.from({ length: events / 10 }, () => {
    const lines = Array.from({ length: 10 }, () => JSON.stringify(makeEventRow(sent++)));
    return { value: lines.join('\n') };
  });
  await producer.send({ topic: 'millrace.events', acks: -1, messages });
}

/** Messages that the group has not committed. */
async function behind(): Promise<number> {
  const [committed] = await admin.fetchOffsets({ groupId: KAFKA_ENGINE_GROUP, topics: ['millrace.events'] });
  const ends = await admin.fetchTopicOffsets('millrace.events');
  const at = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends.reduce(
    (sum, { partition, high }) => sum + Number(high) - Math.max(0, at.get(partition) ?? 0),
    0,
  );
}

/** Waits until all is consumed, and says how many rows repeat a message id; none is missing. */
async function settled(what: string): Promise<number> {
  const lag = () => behind().catch(() => undefined);
  await expect.poll(lag, { timeout: 90_000, interval: 200 }).toBe(0);
  const counts = await Promise.all(engines.map(countsOf));
  expect(new Set(counts.flatMap(({ ids }) => ids)).size).toBe(sent);
  const rows = counts.reduce((sum, each) => sum + each.rows, 0);
  console.log(JSON.stringify({ kafkaEngine: what, sent, rows, doubles: rows - sent }));
  for (const { rows, ids, once, daily } of counts) {
    expect(once).toBe(ids.length);
    expect(daily).toEqual({ events: ids.length, doubles: rows - ids.length });
  }
  // What came again has the position that it had, and so is told from what a client sent twice.
  for (const { admin } of engines) {
    expect(
      await admin.query(
        'SELECT message_id FROM kafka_events GROUP BY message_id HAVING uniqExact(log_id, log_offset, log_index) != 1 LIMIT 3',
      ),
    ).toEqual([]);
  }
  return rows - sent;
}

it('loses nothing when ClickHouse is killed and consumers come and go', async () => {
  const [one, two] = engines as [TestEngine, TestEngine];
  await createKafkaEngine(one.admin, options());
  const steps: Record<number, () => Promise<void>> = {
    1: () => createKafkaEngine(two.admin, options()),
    2: () => one.restart('SIGKILL'),
    4: () => dropKafkaEngine(two.admin, { data: false }),
    5: () => createKafkaEngine(two.admin, options()),
    6: () => two.restart('SIGKILL'),
    7: () => one.restart('SIGTERM'),
  };
  for (let second = 0; second < SECONDS; second += 1) {
    await send(producer, A_SECOND);
    await Promise.all([delay(1_000), steps[second]?.()]);
  }
  await settled('kills and rebalances');
});

it('doubles what it had not committed when it was killed, and lets that be seen', async () => {
  const [one, two] = engines as [TestEngine, TestEngine];
  await dropKafkaEngine(two.admin, { data: false });
  const [node] = broker.nodes;
  const rows = async () => (await countsOf(one)).rows;
  let before = await rows();
  // A broker that stands still between the fetch and the commit: the rows are there, the offsets are not.
  for (let attempt = 0; ; attempt += 1) {
    expect(attempt).toBeLessThan(TRIES);
    await send(producer, A_SECOND);
    node?.pause();
    await expect
      .poll(rows, { timeout: 3_000, interval: 50 })
      .toBeGreaterThan(before)
      .catch(() => {});
    if ((await rows()) > before) break;
    node?.resume();
    await settled('nothing fetched before the broker stood still');
    before = await rows();
  }
  // A commit that waits in the broker's socket would be read when it goes on.
  await node?.kill();
  await one.restart('SIGKILL');
  node?.start();
  expect(await settled('killed between insert and commit')).toBeGreaterThan(0);
});
