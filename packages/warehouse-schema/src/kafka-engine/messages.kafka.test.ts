import { createHash } from 'node:crypto';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../../../../scripts/services/kafka.mjs';
import { checkWarehouse } from '../check/check-warehouse.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { makeEventRow } from '../testing/make-event-row.ts';
import { createKafkaEngine, dropKafkaEngine, kafkaEngineStatus } from './kafka-engine.ts';

let broker: RunningKafka;
let engine: TestEngine;
let producer: Producer;
let kafka: Kafka;

beforeAll(async () => {
  [broker, engine] = await Promise.all([startKafka(), startTestEngine()]);
  kafka = new Kafka({ brokers: broker.brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: ['millrace.events', 'millrace.rejected'].map((topic) => ({ topic, numPartitions: 3 })),
  });
  await admin.disconnect();
  producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await createKafkaEngine(engine.admin, { brokers: broker.brokers, projectId: 7 });
});
afterAll(async () => {
  await producer?.disconnect();
  await Promise.all([broker?.stop(), engine?.close()]);
});

const send = (values: (string | Buffer | null)[], topic = 'millrace.events') =>
  producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
const count = async (table: string, where = '1') =>
  (await engine.admin.query<{ n: number }>(`SELECT count() AS n FROM ${table} WHERE ${where}`))[0]?.n;
const eventually = (table: string, where: string, n: number) =>
  expect.poll(() => count(table, where), { timeout: 60_000, interval: 100 }).toBe(n);
const one = async (table: string, where: string) =>
  (await engine.admin.query<Record<string, unknown>>(`SELECT * FROM ${table} WHERE ${where}`))[0];

it('has the columns of events', async () => {
  const columns = async (table: string) =>
    (
      await engine.admin.query<{ name: string; type: string }>(
        `SELECT name, type FROM system.columns WHERE database = 'millrace' AND table = '${table}' AND name != 'context' ORDER BY position`,
      )
    ).map(({ name, type }) => `${name} ${type}`);
  expect(await columns('kafka_events')).toEqual(await columns('events'));
});

it('takes the rows of the collector, one in a message and as lines', async () => {
  const full = {
    ...makeEventRow(1, { message_id: 'full', timestamp: Date.UTC(2026, 10, 20), project_id: 3 }),
    original_timestamp: Date.UTC(2026, 10, 20, 1),
    sent_at: Date.UTC(2026, 10, 20, 2),
    group_id: 'g',
    session_id: 's',
    url: 'https://shop.example/a?b=c',
    hostname: 'shop.example',
    path: '/a',
    utm_source: 'mail',
    browser: 'Firefox',
    screen_width: 1920,
    ip: '203.0.113.0',
    revenue: 12.5,
    currency: 'EUR',
    is_bot: true,
    bot_reasons: ['ua'],
    late: true,
    properties: { 'a.b': 1, product_id: 'p', deep: { list: [1, { x: null }] } },
    traits: { plan: 'pro' },
    context: { os: 'x' },
  };
  const { log_id: _, log_offset: __, log_index: ___, ...row } = full;
  const line = (id: string) => JSON.stringify({ ...row, message_id: id });
  await send([line('full'), `${line('l1')}\n${line('l2')}\n${line('l3')}\n`]);
  await eventually('kafka_events', 'project_id = 3', 4);
  // What the loader makes of the same row.
  await engine.admin.insertRows('events', [Buffer.from(JSON.stringify(full))]);
  const { log_offset, log_index, inserted_at, log_id, ...loaded } =
    (await one('events', "message_id = 'full'")) ?? {};
  expect(loaded['browser']).toBe('Firefox');
  expect(await one('kafka_events', "message_id = 'full'")).toMatchObject(loaded);
  const positions = await engine.admin.query(
    `SELECT message_id, log_index, log_id LIKE 'kafka:millrace.events:%' AS ours FROM kafka_events
     WHERE message_id LIKE 'l_' ORDER BY message_id`,
  );
  expect(positions).toEqual(
    ['l1', 'l2', 'l3'].map((message_id, log_index) => ({ message_id, log_index, ours: 1 })),
  );
});

it('takes what SDKs send and others write, without the address', async () => {
  const page = {
    messageId: 'raw-1',
    type: 'page',
    anonymousId: 'a',
    name: 'Home',
    timestamp: '2026-11-20T10:00:00.123+02:00',
    properties: { url: 'https://shop.example/x?y', title: 'X', 'a.b': 1 },
    context: {
      ip: '203.0.113.9',
      userAgent: 'UA',
      locale: 'de',
      campaign: { source: 'mail' },
      page: { referrer: 'https://www.google.de/' },
    },
  };
  const seed = { user_id: 'u', event_type: 'signed_up', properties: { plan: 'pro', revenue: '19.99' } };
  await send([JSON.stringify(page, null, 2), JSON.stringify(seed)]);
  await eventually('kafka_events', "project_id = 7 AND event IN ('$page', 'signed_up')", 2);
  expect(await one('kafka_events', "message_id = 'raw-1'")).toMatchObject({
    event: '$page',
    distinct_id: 'a',
    name: 'Home',
    timestamp: '2026-11-20 08:00:00.123',
    url: 'https://shop.example/x?y',
    hostname: 'shop.example',
    path: '/x',
    referrer_domain: 'www.google.de',
    utm_source: 'mail',
    ip: '',
    retention_days: 730,
  });
  expect(JSON.stringify(await one('kafka_events', "message_id = 'raw-1'"))).not.toContain('203.0.113');
  const signedUp = await one('kafka_events', "event = 'signed_up'");
  expect(signedUp).toMatchObject({
    user_id: 'u',
    distinct_id: 'u',
    revenue: 19.99,
    properties: { plan: 'pro' },
  });
  // Without an id of its own, its position is one.
  expect(signedUp?.['message_id']).toMatch(/^millrace\.events:\d:\d+:0$/);
});

const event = (id: string, over: string) => `{"messageId":"${id}","event":"e","userId":"u"${over}}`;
const HOSTILE: [name: string, value: string | Buffer, detail: string][] = [
  ['no JSON', 'hello', 'expected a JSON object'],
  ['a list', '[1]', 'expected a JSON object'],
  ['a text', '"x"', 'expected a JSON object'],
  ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x7b]), 'expected a JSON object'],
  ['nesting without end', '['.repeat(300_000), 'expected a JSON object'],
  [
    'deep properties',
    event('deep', `,"properties":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`),
    'expected a JSON object',
  ],
  ['half a surrogate', event('surrogate', ',"properties":{"a":"\\ud800"}'), 'expected a JSON object'],
  ['a number beyond all', event('huge', ',"properties":{"a":1e999}'), 'expected a JSON object'],
  ['no name', '{"messageId":"no-name","userId":"u"}', 'expected a name'],
  ['nobody', '{"messageId":"nobody","event":"e"}', 'expected an anonymousId or a userId'],
  ['an unknown type', event('type', ',"type":"x"'), 'expected track, page, screen, identify, group or alias'],
  ['a long id', event('x'.repeat(129), ''), 'expected 1 to 128 bytes'],
  ['no time', event('time', ',"timestamp":"soon"'), 'expected a time'],
  ['before all time', event('old', ',"timestamp":"1970-01-02T00:00:00Z"'), 'expected a time after 2010'],
  ['a list as properties', event('list', ',"properties":[1]'), 'expected an object'],
  ['a text as context', event('context', ',"context":"x"'), 'expected an object'],
];

it('keeps what is no event, with the reason and as it came, and goes on', async () => {
  await send(HOSTILE.map(([, value]) => value));
  // Half of these lines are events.
  await send([`${event('half-1', '')}\nbroken {\n${event('half-2', '')}\n`, '', null, '\n\n']);
  await send(
    [
      '{"project_id":5,"message_id":"refused","reason":"too_deep","field":"f","detail":"d","received_at":1763600000000,"payload":"as it came","retention_days":900}\n',
    ],
    'millrace.rejected',
  );
  await eventually('kafka_rejected', '1', HOSTILE.length + 2);
  await eventually('kafka_events', "message_id LIKE 'half-%'", 2);
  for (const [name, value, detail] of HOSTILE) {
    const md5 = createHash('md5').update(value).digest('hex').toUpperCase();
    const rows = await engine.admin.query(
      `SELECT detail FROM kafka_rejected WHERE hex(MD5(payload)) = '${md5}'`,
    );
    expect(rows, name).toEqual([{ detail }]);
  }
  expect(await one('kafka_rejected', 'project_id = 5')).toMatchObject({
    message_id: 'refused',
    reason: 'too_deep',
    field: 'f',
    payload: 'as it came',
    retention_days: 900,
    topic: 'millrace.rejected',
  });
});

it('takes hostile numbers, keys and times without stopping', async () => {
  const months = Array.from({ length: 26 * 12 }, (_, n) =>
    event(
      `month-${n}`,
      `,"timestamp":${Date.UTC(2010, n, 2)},"receivedAt":${Date.UTC(2036, 1)},"retention_days":20000`,
    ),
  );
  const odd = [
    ',"revenue":1e30,"properties":{"revenue":"x","price":-1}',
    ',"properties":{"a":1,"a":2,"":3,"a.b":4,"experiment":{"x":1},"ip":"1.2.3.4"}',
    ',"properties":{"a":{"b":1},"a.b":2}',
    ',"timestamp":99999999999999',
    ',"timestamp":"9999-12-31T23:59:59Z","receivedAt":"0000-00-00"',
    ',"project_id":-1,"screen_width":1e9,"retention_days":99999999,"bot_reasons":{"a":1},"is_bot":"yes","content_hash":1e99',
    ',"context":{"page":[1,2],"campaign":"x","screen":{"width":"wide"}}',
    ',"properties":null,"traits":null,"context":null',
  ];
  await send([...months, ...odd.map((over, n) => event(`odd-${n}`, over))]);
  await eventually('kafka_events', "message_id LIKE 'month-%'", months.length);
  await eventually('kafka_events', "message_id LIKE 'odd-%'", odd.length);
  expect(await one('kafka_events', "message_id = 'odd-1'")).toMatchObject({
    properties: { 'a.b': 4, '': 3 },
  });
  expect((await kafkaEngineStatus(engine.admin))?.lastError).toBeUndefined();
});

it('is seen by doctor as it is, shows no password, and lets a reader neither consume nor end it', async () => {
  expect((await checkWarehouse(engine.admin)).filter(({ severity }) => severity === 'error')).toEqual([]);
  await createKafkaEngine(engine.admin, {
    brokers: broker.brokers,
    sasl: { mechanism: 'plain', username: "us'er", password: "secret\\'" },
  });
  const shown = await engine.reader.query<{ text: string }>(
    "SELECT concat(create_table_query, engine_full) AS text FROM system.tables WHERE name = 'raw_events_kafka'",
  );
  expect(shown[0]?.text).toContain("kafka_sasl_mechanism = 'PLAIN'");
  expect(shown[0]?.text).not.toContain('secret');
  await createKafkaEngine(engine.admin, { brokers: broker.brokers, projectId: 7 });
  const settings = { stream_like_engine_allow_direct_select: 1 };
  await expect(engine.reader.query('SELECT * FROM raw_events_kafka', { settings })).rejects.toThrow();
});

it('made anew it goes on where it was; dropped, it keeps its tables until told otherwise', async () => {
  const before = await count('kafka_events');
  await createKafkaEngine(engine.admin, { brokers: broker.brokers, projectId: 7 });
  await send([event('after', '')]);
  await eventually('kafka_events', "message_id = 'after'", 1);
  expect(await count('kafka_events')).toBe((before ?? 0) + 1);
  await dropKafkaEngine(engine.admin, { data: false });
  expect(await kafkaEngineStatus(engine.admin)).toBeUndefined();
  expect(await count('kafka_events_once')).toBe((before ?? 0) + 1);
  await dropKafkaEngine(engine.admin, { data: true });
  expect(
    await engine.admin.query(
      "SELECT name FROM system.tables WHERE database = 'millrace' AND name LIKE '%kafka%'",
    ),
  ).toEqual([]);
});
