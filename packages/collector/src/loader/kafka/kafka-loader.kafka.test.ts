import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { silentLogger } from '../../logger.ts';
import type { LoaderOptions } from '../loader-options.ts';
import { countsOf, exactly } from '../testing/loader-on-engine.ts';
import { RECEIVED_AT, type TestEvent, type TestRecord } from '../testing/make-record.ts';
import { createKafkaLoader } from './create-kafka-loader.ts';
import { readKafkaLag } from './read-lag.ts';
import { createTestProducer, createTopics, forgetOffsets } from './testing/kafka-events.ts';

let broker: RunningKafka;
let engine: TestEngine;
let kafka: Kafka;
let producer: Awaited<ReturnType<typeof createTestProducer>>;
let projectId = 500;
const ending: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [broker, engine] = await Promise.all([
    startKafka({ settings: { 'group.min.session.timeout.ms': 500 } }),
    startTestEngine(),
  ]);
  kafka = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });
  await createTopics(kafka);
  producer = await createTestProducer(kafka);
});
afterAll(async () => {
  await producer?.close();
  await Promise.all([broker?.stop(), engine?.close()]);
});
beforeEach(() => {
  projectId += 1;
  return async () => {
    for (const end of ending.splice(0)) await end();
  };
});

const connection = () => ({ brokers: broker.brokers });

function startLoader(faults?: LoaderOptions['faults']) {
  const loader = createKafkaLoader({
    connection: { brokers: broker.brokers },
    client: engine.admin,
    sessionTimeoutMs: 1500,
    limits: { ageMs: 20, rows: 50 },
    retryMs: { first: 20, longest: 500 },
    logger: silentLogger,
    ...(faults && { faults }),
  });
  const stopping = new AbortController();
  const running = loader.run(stopping.signal);
  running.catch(() => {});
  const stop = async () => {
    stopping.abort();
    await running;
  };
  ending.push(stop);
  return { loader, stop, running };
}

const counts = () => countsOf(engine.admin, projectId);
const settled = (expected: ReturnType<typeof exactly>) =>
  expect.poll(counts, { timeout: 60_000, interval: 100 }).toEqual(expected);

/** `records` records of four events each, over three months. */
function many(records: number, name = 'event'): TestRecord[] {
  return Array.from({ length: records }, (_, record) => ({
    projectId,
    receivedAt: RECEIVED_AT + record,
    events: Array.from({ length: 4 }, (_, index): TestEvent => {
      return { id: `${name}-${record}-${index}`, row: { timestamp: RECEIVED_AT - index * 31 * 86_400_000 } };
    }),
  }));
}

describe('the loader from Kafka', () => {
  it('loads every event once, of messages that came twice too, and tells its lag', async () => {
    await producer.send(many(100));
    const again = many(100).map((record, number) => ({ ...record, rejected: [`r${number}`] }));
    await producer.send(again);
    await producer.send(again.map((record) => ({ ...record, events: [] })));
    const lags = async () => (await readKafkaLag(connection())).map(({ lag }) => lag);
    // The first who asks for a group makes Kafka choose its coordinator, which takes it a moment.
    await expect.poll(lags, { timeout: 20_000 }).toHaveLength(6);
    const waiting = await readKafkaLag(connection(), { clock: () => Date.now() + 70_000 });
    expect(waiting.filter(({ lag, end }) => lag > 0 && lag === end)).toHaveLength(4);
    expect(new Set(waiting.map(({ waitsForMs }) => waitsForMs))).toEqual(new Set([60_000, null]));
    expect(
      waiting.every(
        ({ committed, lag, waitsForMs }) => committed === null && lag > 0 === (waitsForMs === 60_000),
      ),
    ).toBe(true);
    const { loader } = startLoader();
    await settled(exactly(400, 100));
    await expect.poll(lags, { timeout: 20_000 }).toEqual(Array(6).fill(0));
    await expect.poll(() => loader.status().partitions.map(({ lag }) => lag)).toEqual(Array(6).fill(0));
    expect(loader.status().totals).toMatchObject({ events: 400, duplicatesRefused: 500, rejected: 100 });
    expect(await loader.drain()).toBe(true);
  });

  it('sets apart a bad row, an id with other content and a message that is not ours', async () => {
    const bad: TestEvent = { id: 'bad', line: '{"project_id":"none"}' };
    await producer.send([
      ...many(10),
      { projectId, events: [bad] },
      { projectId, events: [{ id: 'event-0-0', content: 'other' }] },
      // A send that had arrived, made again; and another one of the same.
      { projectId, events: [{ id: 'event-0-0', content: 'other' }] },
      { projectId, receivedAt: RECEIVED_AT + 1, events: [{ id: 'event-0-0', content: 'other' }] },
    ]);
    await producer.sendForeign('hello');
    startLoader();
    await settled(exactly(40, 3));
    await expect
      .poll(() => engine.admin.query('SELECT payload, reason FROM rejected_events WHERE project_id = 0'))
      .toEqual([{ payload: 'hello', reason: 'not_insertable' }]);
  });

  it('goes on where the warehouse says, once Kafka has forgotten', async () => {
    await producer.send(many(50));
    const first = startLoader();
    await settled(exactly(200));
    await first.stop();
    await forgetOffsets(kafka, 'millrace-loader');
    await producer.send([...many(50), ...many(50, 'later')]);
    startLoader();
    await settled(exactly(400));
  });

  it('stays exact when a loader wakes up in the middle of a chunk that another one has loaded', async () => {
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let planned = 0;
    const zombie = startLoader((step) => {
      if (step !== 'planned') return;
      planned += 1;
      return asleep;
    });
    await producer.send(many(100));
    await expect.poll(() => planned, { timeout: 20_000 }).toBeGreaterThan(2);
    startLoader();
    await producer.send(many(100, 'more'));
    // The second loader has half of the partitions, with chunks that the first had written down.
    await expect.poll(async () => (await counts()).events, { timeout: 30_000 }).toBeGreaterThan(0);
    wake();
    await settled(exactly(800));
    await zombie.stop();
    await settled(exactly(800));
  });
});
