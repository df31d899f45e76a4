import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readKafkaLag } from '../packages/collector/src/loader/kafka/read-lag.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from '../packages/collector/src/log/kafka/message.ts';
import { readTopic } from '../packages/collector/src/log/kafka/testing/read-topic.ts';
import { type RunningKafka, startKafka } from '../scripts/services/kafka.mjs';
import { filesWith } from './support/files-with.ts';
import { freePorts } from './support/free-ports.mjs';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const LONG_MS = 240_000;
const DAY_MS = 86_400_000;
const GROUP = 'millrace-loader';

let folder: string;
let kafka: RunningKafka;
let millrace: Millrace;
let warehouse: WarehouseClient;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-person-kafka-'));
  kafka = await startKafka();
  const [port, http, tcp, definitions] = (await freePorts(4)).map(String);
  millrace = await startMillrace({
    dataDir: folder,
    env: {
      ...process.env,
      PORT: port,
      MILLRACE_DATA: folder,
      MILLRACE_CLICKHOUSE_HTTP_PORT: http,
      MILLRACE_CLICKHOUSE_TCP_PORT: tcp,
      MILLRACE_DEFINITIONS_PORT: definitions,
      KAFKA_BROKERS: kafka.brokers.join(','),
      MILLRACE_KAFKA_PARTITIONS: '3',
    },
  });
  warehouse = await millrace.warehouse();
}, LONG_MS);
afterAll(async () => {
  await millrace?.stop();
  await kafka?.stop();
  await rm(folder, { recursive: true, force: true });
}, LONG_MS);

const mark = (name: string) => `${name}-${randomBytes(12).toString('hex')}`;
const [device, ada, secret] = [mark('device'), mark('ada'), mark('secret')];
/** Bytes that nothing but this person has. */
const THEIRS = [device, ada, secret];

const sentAt = new Date();
const event = (n: number, fields: object) => ({ messageId: randomUUID(), type: 'track', event: `Event ${n % 5}`, timestamp: new Date(sentAt.getTime() - n * 600_000).toISOString(), ...fields }); // biome-ignore format: short

/** Ten events of others, and of the person eight that are loaded and one that is refused. */
function batch(): object[] {
  return [
    ...Array.from({ length: 10 }, (_, n) => event(n, { userId: `other-${n % 4}` })),
    ...Array.from({ length: 5 }, (_, n) => event(n, { anonymousId: device, properties: { note: secret } })),
    event(1, { type: 'identify', anonymousId: device, userId: ada, traits: { name: secret } }),
    event(2, { userId: ada, messageId: mark(`order of ${secret}`) }),
    event(3, { anonymousId: device, event: '$exposure', properties: { experiment: 'checkout', phase: 1, variant: 'b', unit: device, unitType: 'anonymousId', bucketingVersion: 1, reason: 'split' } }), // biome-ignore format: short
    event(4, { userId: ada, timestamp: 'no time', properties: { note: secret } }),
  ];
}
const loaded = batch();
const inTopics = batch();
const probe = [event(0, { userId: 'other-0' })];
const buffered = batch();
const late = [event(0, { userId: 'other-1' })];
const OTHERS = 10;
const EVENTS_OF_THEIRS = 8;

async function send(events: object[]): Promise<void> {
  const answer = await fetch(`${millrace.url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ writeKey: millrace.writeKey, sentAt: sentAt.toISOString(), batch: events }),
  });
  expect(await answer.json()).toMatchObject({ success: true });
}

const command = async (...args: string[]) =>
  (await run(process.execPath, [MAIN, ...args], { env: millrace.env })).stdout;
const count = async (table: string) =>
  Number((await warehouse.query<{ n: number }>(`SELECT count() AS n FROM ${table}`))[0]?.n);
const rowsById = () =>
  warehouse.query<{ id: string; rows: number }>(
    'SELECT message_id AS id, count() AS rows FROM events GROUP BY id ORDER BY id',
  );
/** Rows of the others in these batches, each once. */
const exactly = (...batches: object[][]) =>
  batches
    .flatMap((events) => events.slice(0, OTHERS) as { messageId: string }[])
    .map(({ messageId }) => ({ id: messageId, rows: 1 }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** Files of the data folder that have any of it. */
const filesWithThem = () => filesWith(folder, THEIRS);

async function tablesWithThem(): Promise<string[]> {
  const tables = await warehouse.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'millrace' AND (engine LIKE '%MergeTree' OR engine = 'Dictionary')",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [answer] = await warehouse.query<{ n: number }>(
      `SELECT countIf(multiSearchAny(toString(tuple(*)), {texts:Array(String)})) AS n FROM ${name}`,
      { params: { texts: THEIRS } },
    );
    if (Number(answer?.n) > 0) found.push(name);
  }
  return found;
}

async function withAdmin<T>(use: (admin: ReturnType<RunningKafka['admin']>) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** True once the loaders' group has loaded all that is in the topics. */
const isLoadedToTheEnd = async () =>
  (await readKafkaLag({ brokers: kafka.brokers })).every(({ lag }) => lag === 0);

async function expectGone(): Promise<void> {
  expect(await count('rejected_events')).toBe(0);
  expect(await tablesWithThem()).toEqual([]);
  expect(await filesWithThem()).toEqual([]);
}

/** How many messages of the topic have any of it. */
async function messagesWithThem(topic: string): Promise<number> {
  const messages = await readTopic({ brokers: kafka.brokers }, topic);
  return messages.filter(({ value }) => THEIRS.some((text) => value?.includes(text))).length;
}

it(
  'deletes a person who is in Kafka and in its buffer; no restart, replay or retry brings them back',
  async () => {
    await send(loaded);
    await waitFor(
      async () =>
        (await count('events')) === OTHERS + EVENTS_OF_THEIRS && (await count('rejected_events')) === 1,
    );

    await withAdmin(async (admin) => {
      const configEntries = [
        { name: 'retention.ms', value: String(5 * DAY_MS) },
        { name: 'segment.ms', value: String(2 * DAY_MS) },
      ];
      // 2 is a topic.
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: EVENTS_TOPIC, configEntries }],
      });
    });

    // While the loader sleeps, what comes is in the topics alone; when it wakes up, Kafka is away.
    const loader = await millrace.pid('loader');
    if (loader === undefined) throw new Error('the loader does not run');
    process.kill(loader, 'SIGSTOP');
    await send(inTopics);
    const [broker] = kafka.nodes;
    broker?.pause();
    process.kill(loader, 'SIGCONT');
    // What finds out may be in Kafka all the same, and is what probes it from then on; what follows is buffered.
    await send(probe);
    await send(buffered);
    const isBuffered = async () => (await filesWithThem()).some((file) => file.startsWith('buffer/'));
    expect(await isBuffered()).toBe(true);

    const deletion = command('person', 'delete', ada, '--yes', '--json');
    deletion.catch(() => {});
    await waitFor(async () => !(await isBuffered()), 60_000);
    broker?.resume();
    const [report] = JSON.parse(await deletion);
    expect(report.removed).toMatchObject({ events: EVENTS_OF_THEIRS, rejected_events: 1 });
    expect(report.spooledEvents).toBe(EVENTS_OF_THEIRS + 1);
    expect(report.notices).toEqual([
      expect.stringContaining(`the topic ${EVENTS_TOPIC} holds the events for 5 to 7 days`),
      expect.stringContaining(`the topic ${REJECTED_TOPIC} holds the events for 7 to 14 days`),
    ]);

    await waitFor(async () => (await count('events')) >= 3 * OTHERS + 1, 60_000);
    await waitFor(isLoadedToTheEnd, 60_000);
    expect(await rowsById()).toEqual(exactly(loaded, inTopics, probe, buffered));
    await expectGone();
    // Of what was buffered nothing went over; what was in the topics before stays in them.
    expect([await messagesWithThem(EVENTS_TOPIC), await messagesWithThem(REJECTED_TOPIC)]).toEqual([
      2 * EVENTS_OF_THEIRS,
      2,
    ]);

    // All of it is read again, from the topics' beginning, and sent again.
    await millrace.stop();
    // Without its offsets the group begins 20,000 messages before the last that is loaded: here at the first.
    await withAdmin((admin) => admin.deleteGroups([GROUP]));
    millrace = await startMillrace({ dataDir: folder, env: millrace.env });
    warehouse = await millrace.warehouse();
    for (const events of [loaded, inTopics, buffered, late]) await send(events);
    await waitFor(async () => (await count('events')) >= 3 * OTHERS + 2, 60_000);
    await waitFor(isLoadedToTheEnd, 60_000);
    expect(JSON.parse(await command('reconcile', '--json'))).toMatchObject({ isExact: true });
    expect(await rowsById()).toEqual(exactly(loaded, inTopics, probe, buffered, late));
    await expectGone();
  },
  LONG_MS,
);
