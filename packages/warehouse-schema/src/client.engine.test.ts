import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './testing/engine.ts';
import { encodeRows, makeEventRow } from './testing/make-event-row.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  for (const table of ['events', 'message_ids', 'events_15m'])
    await engine.admin.command(`TRUNCATE TABLE ${table}`);
});

const TABLES = ['events', 'events_15m', 'message_ids'];
const parts = () =>
  engine.admin.query(
    `SELECT table, count() AS parts, sum(rows) AS rows FROM system.parts
     WHERE active AND database = 'millrace' AND table IN {tables:Array(String)} GROUP BY table ORDER BY table`,
    { params: { tables: TABLES } },
  );

it('makes one insert one block: one part in the table and in each table that a view fills', async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) =>
    makeEventRow(n, {
      event: `event ${n % 40}`,
      timestamp: 1_790_000_000_000,
      properties: { text: 'x'.repeat(700) },
    }),
  );
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'one block' });
  expect(await parts()).toEqual([
    { table: 'events', parts: 1, rows: 20_000 },
    { table: 'events_15m', parts: 1, rows: 40 },
    { table: 'message_ids', parts: 1, rows: 20_000 },
  ]);
});

it('takes a token once, in the table and in every view', async () => {
  const rows = encodeRows([makeEventRow(1, { revenue: 2.5 }), makeEventRow(2)]);
  for (let time = 0; time < 3; time += 1) await engine.admin.insertRows('events', rows, { token: 'again' });
  expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 2 }]);
  expect(await engine.admin.query('SELECT count() AS n FROM message_ids')).toEqual([{ n: 2 }]);
  expect(await engine.admin.query('SELECT events, users, revenue FROM event_counts')).toEqual([
    { events: 2, users: 2, revenue: 2.5 },
  ]);
});

it('takes the same rows again under another token', async () => {
  const rows = encodeRows([makeEventRow(1)]);
  for (const token of ['one', 'other']) await engine.admin.insertRows('events', rows, { token });
  expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 2 }]);
  expect(await engine.admin.query('SELECT events FROM event_counts')).toEqual([{ events: 2 }]);
});

it('takes a token once though its rows fall into many partitions', async () => {
  const { admin } = engine;
  const months = Array.from({ length: 36 }, (_, n) =>
    makeEventRow(n, { timestamp: Date.UTC(2012, n, 3), retention_days: 20_000 }),
  );
  for (const token of ['months', 'other', 'months']) {
    await admin.insertRows('events', encodeRows(token === 'other' ? [makeEventRow(99)] : months), { token });
  }
  expect(await admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 37 }]);
  expect(await admin.query('SELECT sum(events) AS n FROM events_15m')).toEqual([{ n: 37 }]);
});

it('shows why the window is so wide: it holds one entry for each part, not for each insert', async () => {
  const { admin } = engine;
  await admin.command(
    `CREATE TABLE narrow (a UInt32) ENGINE = MergeTree PARTITION BY a ORDER BY a
     SETTINGS non_replicated_deduplication_window = 3`,
  );
  const insert = (token: string, ...values: number[]) =>
    admin.insertRows('narrow', encodeRows(values.map((a) => ({ a }))), { token });
  await insert('first', 1, 2);
  await insert('second', 3, 4);
  await insert('first', 1, 2);
  expect(await admin.query('SELECT count() AS n FROM narrow')).not.toEqual([{ n: 4 }]);
  await admin.command('DROP TABLE narrow SYNC');
});

it.each<[string, unknown]>([
  ['keys with dots beside nested ones', { 'a.b': 1, a: { b: 2 } }],
  ['empty keys', { '': 1, a: { '': 2 } }],
  ['keys of prototypes', JSON.parse('{"__proto__":{"x":1},"constructor":1}')],
  [
    'keys with percent signs, quotes and emoji',
    { 'k.k': 1, 'k%k': 2, 'a`b': 3, 'a"b': 4, 'a\\b': 5, '🚗': 'é' },
  ],
  ['arrays of everything', { a: [1, 'x', null, { b: 1 }, [2, [3]]] }],
  ['text that looks like a date or a number', { a: '2024-01-01', b: '2024-01-01T00:00:00Z', c: '007' }],
  ['a null byte', { a: 'x\u0000y' }],
  ['200 levels', JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)],
  ['two thousand keys', Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`key${n}`, n]))],
])('gives properties back as they were: %s', async (_, properties) => {
  const row = makeEventRow(1, { properties: properties as Record<string, unknown> });
  await engine.admin.insertRows('events', encodeRows([row]), { token: 'properties' });
  const [stored] = await engine.admin.query<{ text: string }>(
    'SELECT toJSONString(properties) AS text FROM events',
    {
      settings: { json_type_escape_dots_in_keys: 1, max_result_bytes: 0 },
    },
  );
  const given = JSON.parse(stored?.text ?? 'null') as Record<string, unknown>;
  // Hot paths stand in every row, as null where the event has none.
  for (const path of Object.keys(given)) if (given[path] === null) delete given[path];
  expect(given).toEqual(properties);
});

it('takes values of any type at the hot paths, as text', async () => {
  const properties = { variant: 1, phase: true, reason: ['a'], unit: { x: 1 }, experiment: null };
  await engine.admin.insertRows('events', encodeRows([makeEventRow(1, { properties })]), { token: 'hot' });
  const [row] = await engine.admin.query(
    'SELECT properties.variant AS variant, properties.phase AS phase, properties.reason AS reason, properties.unit AS unit, properties.experiment AS experiment FROM events',
  );
  expect(row).toEqual({ variant: '1', phase: 'true', reason: '["a"]', unit: '{"x":1}', experiment: null });
});

it('takes numbers that no column of integers holds', async () => {
  const text = '"properties":{"big":100000000000000000000,"low":-9223372036854776000}';
  const [bytes] = encodeRows([makeEventRow(1)]);
  const row = `${Buffer.from(bytes ?? [])
    .toString()
    .trimEnd()
    .slice(0, -1)},${text}}\n`;
  await engine.admin.insertRows('events', [Buffer.from(row)], { token: 'numbers' });
  const [stored] = await engine.admin.query<{ text: string }>(
    'SELECT toJSONString(properties) AS text FROM events',
  );
  expect(JSON.parse(stored?.text ?? '')).toMatchObject({ big: 1e20, low: -9223372036854776000 });
});

it.each([
  ['an unknown field', { nonsense: 1 }, /nonsense/],
  ['revenue beyond its digits', { revenue: 1e300 }, /revenue/],
  ['a negative width', { screen_width: -1 }, /screen_width/],
])('refuses a whole block for %s, and says which', async (_, over, message) => {
  const rows = encodeRows([makeEventRow(1), makeEventRow(2, over as object)]);
  const insert = engine.admin.insertRows('events', rows, { token: 'bad' });
  await expect(insert).rejects.toThrow(message);
  await expect(insert).rejects.toHaveProperty('code', expect.stringMatching(/^\d+$/));
  expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 0 }]);
});

it('keeps a row whose retention reaches past 2106', async () => {
  await engine.admin.insertRows('events', encodeRows([makeEventRow(1, { retention_days: 65_535 })]), {
    token: 'ttl',
  });
  await engine.admin.command('OPTIMIZE TABLE events FINAL');
  expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 1 }]);
});

it('drops a row at the end of its retention', async () => {
  const old = Date.now() - 3 * 24 * 60 * 60 * 1000;
  const rows = [
    makeEventRow(1, { timestamp: old, retention_days: 1 }),
    makeEventRow(2, { timestamp: old, retention_days: 30 }),
  ];
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'old' });
  await engine.admin.command('OPTIMIZE TABLE events FINAL');
  expect(await engine.admin.query('SELECT message_id FROM events')).toEqual([{ message_id: 'message-2' }]);
});

it('holds partitions between 2010 and 2035, whatever the clock says', async () => {
  const rows = ['1970-01-05', '2009-12-31', '2044-01-01', '2099-01-01'].map((day, n) =>
    makeEventRow(n, { timestamp: Date.parse(day), retention_days: 20_000 }),
  );
  await engine.admin.insertRows('events', encodeRows(rows), {
    token: 'clocks',
    settings: { optimize_on_insert: 0 },
  });
  const found = await engine.admin.query<{ partition: string }>(
    "SELECT DISTINCT partition FROM system.parts WHERE database = 'millrace' AND table IN ('events', 'events_15m') AND active ORDER BY partition",
  );
  expect(found.map(({ partition }) => partition)).toEqual(['201001', '203512']);
});

it('refuses a table that is no plain name', async () => {
  await expect(engine.admin.insertRows('events; DROP', [])).rejects.toThrow('plain name');
});
