import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../../scripts/services/kafka.mjs';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { createKafkaLog, type KafkaLogOptions } from './kafka-log.ts';
import { openKafka } from './kafkajs-client.ts';
import { decodeEventsMessage, decodeRejectedMessage, EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';
import { partitionOf } from './place-record.ts';
import { clientUnderTest } from './testing/client-under-test.ts';
import { readTopic } from './testing/read-topic.ts';

const PARTITIONS = 6;
let kafka: RunningKafka;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
});
afterAll(() => kafka?.stop());

const openLog = (options?: Partial<KafkaLogOptions>) =>
  createKafkaLog({
    client: clientUnderTest,
    connection: { brokers: kafka.brokers },
    createTopics: { partitions: PARTITIONS },
    ...options,
  });

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

async function idsIn(topic: string): Promise<string[]> {
  const messages = await readTopic({ brokers: kafka.brokers }, topic);
  return messages.flatMap((message) => decodeEventsMessage(message).meta.marks.map(([id]) => id));
}

describe('against three brokers', () => {
  test.each([
    ['events', false],
    ['lines', true],
  ] as const)(
    'packed as %s (gzip %s), every row of a record arrives whole in the partition of its id',
    async (packing, gzip) => {
      const log = openLog({ packing, gzip });
      const ids = range(200).map((index) => `${packing}-é${index}`);
      const record = makeRecord({ events: ids.map((id) => ({ id })), rejected: [`${packing}-bad`] });
      await log.append(record);
      await log.close();

      const messages = (await readTopic({ brokers: kafka.brokers }, EVENTS_TOPIC))
        .map((message) => ({ partition: message.partition, ...decodeEventsMessage(message) }))
        .filter(({ meta }) => meta.marks.some(([id]) => id.startsWith(packing)));
      // A send that a slow broker did not answer was made again, as a whole.
      const stored = [...new Map(messages.map((message) => [message.meta.marks[0]?.[0], message])).values()];
      expect(stored).toHaveLength(packing === 'events' ? 200 : PARTITIONS);
      for (const { partition, meta } of stored) {
        for (const [id] of meta.marks) expect(partitionOf(1, id, PARTITIONS)).toBe(partition);
      }
      const lines = stored.flatMap(({ rows }) => rows.toString().trimEnd().split('\n'));
      expect(lines.sort()).toEqual(record.rows.toString().trimEnd().split('\n').sort());
      const rejected = (await readTopic({ brokers: kafka.brokers }, REJECTED_TOPIC)).map(
        decodeRejectedMessage,
      );
      // It has been given a name on the way, by which a repeated send is known.
      expect(rejected.map((message) => JSON.parse(message.rejected.toString()))).toContainEqual(
        expect.objectContaining(JSON.parse(record.rejected.toString())),
      );
    },
  );

  test.each([3, -8])('takes events of a collector whose clock is %i days off, as of now', async (days) => {
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + days * 86_400_000 });
    const log = openLog();
    try {
      await log.append(makeRecord({ events: [{ id: `off by ${days}` }] }));
    } finally {
      vi.useRealTimers();
      await log.close();
    }
    const messages = await readTopic({ brokers: kafka.brokers }, EVENTS_TOPIC);
    const [message] = messages.filter(
      (each) => decodeEventsMessage(each).meta.marks[0]?.[0] === `off by ${days}`,
    );
    expect(Math.abs(Number(message?.timestamp) - now)).toBeLessThan(600_000);
  });

  test('topics are made with three copies, of which two must be in sync, and are kept for a week', async () => {
    const admin = openKafka({ brokers: kafka.brokers }, 5000).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [EVENTS_TOPIC, REJECTED_TOPIC] });
    for (const { partitions } of topics)
      expect(partitions.map((p) => p.replicas.length)).toEqual(Array(6).fill(3));
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: EVENTS_TOPIC }],
    });
    const values = Object.fromEntries(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
    );
    expect(values).toMatchObject({
      'min.insync.replicas': '2',
      'unclean.leader.election.enable': 'false',
      'message.timestamp.type': 'LogAppendTime',
      'retention.ms': String(7 * 86_400_000),
    });
    await admin.disconnect();
  });

  test('an event that the topic is too small for is kept as rejected, and those beside it are taken', async () => {
    const log = openLog();
    const row = { properties: { text: 'x'.repeat(2_000_000) } };
    await Promise.all([
      log.append(makeRecord({ events: [{ id: 'large', row }] })),
      ...range(20).map((index) => log.append(makeRecord({ events: [{ id: `beside-${index}` }] }))),
    ]);
    await log.close();
    const ids = (await readTopic({ brokers: kafka.brokers }, EVENTS_TOPIC)).flatMap((message) =>
      decodeEventsMessage(message).meta.marks.map(([id]) => id),
    );
    expect(ids).not.toContain('large');
    expect(ids).toEqual(expect.arrayContaining(range(20).map((index) => `beside-${index}`)));
    const rejected = (await readTopic({ brokers: kafka.brokers }, REJECTED_TOPIC)).map((message) =>
      JSON.parse(decodeRejectedMessage(message).rejected.toString()),
    );
    expect(rejected).toContainEqual(
      expect.objectContaining({ message_id: 'large', reason: 'event_too_large' }),
    );
  });

  test('while leaders are killed and come back, whatever was acknowledged is in the topic', async () => {
    const log = openLog();
    const acked: string[] = [];
    let killing = true;
    async function client(name: number): Promise<void> {
      for (let n = 0; killing; n++) {
        const ids = range(20).map((index) => `kill-${name}-${n}-${index}`);
        await log.append(makeRecord({ events: ids.map((id) => ({ id })) })).then(
          () => acked.push(...ids),
          () => pause(100),
        );
      }
    }
    const clients = range(8).map(client);
    for (const node of kafka.nodes) {
      await pause(500);
      await node.kill();
      const before = acked.length;
      // The cluster goes on with two: what is sent is acknowledged again.
      await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(before + 1000);
      node.start();
      await awaitInSync();
    }
    killing = false;
    await Promise.all(clients);
    await log.close();
    const stored = new Set(await idsIn(EVENTS_TOPIC));
    expect(acked.length).toBeGreaterThan(3000);
    expect(acked.filter((id) => !stored.has(id))).toEqual([]);
  });
});

/** Resolves once every partition has all of its replicas in sync. */
async function awaitInSync(): Promise<void> {
  const admin = openKafka({ brokers: kafka.brokers }, 5000).admin();
  await expect
    .poll(
      async () => {
        try {
          await admin.connect();
          const { topics } = await admin.fetchTopicMetadata({ topics: [EVENTS_TOPIC] });
          return topics.flatMap((topic) => topic.partitions.map((partition) => partition.isr.length));
        } catch {
          return [];
        }
      },
      { timeout: 60_000, interval: 300 },
    )
    .toEqual(Array(PARTITIONS).fill(3));
  await admin.disconnect();
}
