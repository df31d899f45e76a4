import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { compareRollups, daysBetween, rebuildRollups, touchedDays } from './compare-rollups.ts';
import { ROLLUPS } from './rollups.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

const DAY_MS = 24 * 60 * 60 * 1000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
const SPAN = { log_id: 'test-000000000001', from: 0, to: 1_000 };
const yesterday = new Date(NOON).toISOString().slice(0, 10);
const dayBefore = new Date(NOON - DAY_MS).toISOString().slice(0, 10);

/** Twenty events, half of them a day older than the rest; all arrived at the same time. */
const ROWS = Array.from({ length: 20 }, (_, n) =>
  makeEventRow(n, {
    event: n % 3 === 0 ? 'bought' : 'clicked',
    timestamp: NOON - (n % 2) * DAY_MS,
    received_at: NOON,
    revenue: n,
  }),
);

beforeEach(async () => {
  for (const table of ['events', 'message_ids', 'events_15m'])
    await engine.admin.command(`TRUNCATE TABLE ${table}`);
  await engine.admin.insertRows('events', encodeRows(ROWS), { token: randomUUID() });
});

const compare = async () => compareRollups(engine.admin, await touchedDays(engine.admin, SPAN));
const counts = () =>
  engine.admin.query('SELECT event, events, users, revenue FROM event_counts ORDER BY event');

it('knows every table that a view fills from events', async () => {
  const views = await engine.admin.query<{ create_table_query: string }>(
    "SELECT create_table_query FROM system.tables WHERE database = 'millrace' AND engine = 'MaterializedView'",
  );
  const targets = views.map(({ create_table_query }) => / TO millrace\.(\w+)/.exec(create_table_query)?.[1]);
  const byViews = ROLLUPS.filter(({ filledBy }) => filledBy === 'view');
  expect(targets.sort()).toEqual(byViews.map(({ name }) => name).sort());
});

it('finds nothing after an ordinary insert', async () => {
  expect(await touchedDays(engine.admin, SPAN)).toEqual({
    event_days: [dayBefore, yesterday],
    arrival_days: [yesterday],
  });
  expect(await compare()).toEqual([]);
});

it('finds and mends what a view never got', async () => {
  const whole = await counts();
  await engine.admin.command('TRUNCATE TABLE events_15m');
  await engine.admin.command('TRUNCATE TABLE message_ids');
  const differences = await compare();
  expect(differences).toEqual([
    { rollup: 'events_15m', project_id: 1, day: dayBefore, missing: 10, surplus: 0, buckets: 2 },
    { rollup: 'events_15m', project_id: 1, day: yesterday, missing: 10, surplus: 0, buckets: 2 },
    { rollup: 'message_ids', project_id: 1, day: yesterday, missing: 20, surplus: 0, buckets: 1 },
  ]);
  await rebuildRollups(engine.admin, differences);
  expect(await compare()).toEqual([]);
  expect(await counts()).toEqual(whole);
});

it('finds and mends what a view counted twice', async () => {
  const whole = await counts();
  await engine.admin.command('INSERT INTO events_15m SELECT * FROM events_15m');
  await engine.admin.command(
    "INSERT INTO message_ids SELECT * FROM message_ids SETTINGS deduplicate_insert_select = 'disable'",
  );
  const differences = await compare();
  expect(differences.map(({ rollup, surplus }) => [rollup, surplus])).toEqual([
    ['events_15m', 10],
    ['events_15m', 10],
    ['message_ids', 20],
  ]);
  await rebuildRollups(engine.admin, differences);
  expect(await compare()).toEqual([]);
  expect(await counts()).toEqual(whole);
});

it('finds a rollup whose count is right and whose sum is not', async () => {
  await engine.admin.command(
    'INSERT INTO events_15m (project_id, bucket, event, is_bot, revenue) SELECT project_id, bucket, event, is_bot, 1 FROM events_15m LIMIT 1',
  );
  const [difference] = await compare();
  expect(difference).toMatchObject({ rollup: 'events_15m', missing: 0, surplus: 0, buckets: 1 });
});

it('leaves the rollups of other days of the month alone, though their events are gone', async () => {
  await engine.admin.command(
    `ALTER TABLE events DELETE WHERE toDate(timestamp) = '${dayBefore}' SETTINGS mutations_sync = 2`,
  );
  await engine.admin.command(
    `ALTER TABLE events_15m DELETE WHERE toDate(bucket) = '${yesterday}' SETTINGS mutations_sync = 2`,
  );
  await rebuildRollups(
    engine.admin,
    await compareRollups(engine.admin, { event_days: [yesterday], arrival_days: [] }),
  );
  expect(await engine.admin.query('SELECT sum(events) AS n FROM events_15m')).toEqual([{ n: 20 }]);
});

it('keeps message ids whose events are gone', async () => {
  await engine.admin.command('ALTER TABLE events DELETE WHERE log_offset < 15 SETTINGS mutations_sync = 2');
  await engine.admin.command(
    'ALTER TABLE message_ids DELETE WHERE log_offset >= 18 SETTINGS mutations_sync = 2',
  );
  const differences = (await compare()).filter(({ rollup }) => rollup === 'message_ids');
  expect(differences).toMatchObject([{ missing: 2, surplus: 0 }]);
  await rebuildRollups(engine.admin, differences);
  expect(await engine.admin.query('SELECT count() AS n FROM message_ids')).toEqual([{ n: 20 }]);
});

it('may be rebuilt again after it was cut off', async () => {
  const whole = await counts();
  await engine.admin.command('TRUNCATE TABLE events_15m');
  const differences = await compare();
  await engine.admin.command('CREATE TABLE events_15m_rebuild AS events_15m');
  await engine.admin.command(
    "INSERT INTO events_15m_rebuild (project_id, bucket, event, events) VALUES (1, now(), 'left over', 5)",
  );
  await rebuildRollups(engine.admin, differences);
  await rebuildRollups(engine.admin, differences);
  expect(await counts()).toEqual(whole);
  expect(
    await engine.admin.query(
      "SELECT name FROM system.tables WHERE database = 'millrace' AND name LIKE '%rebuild'",
    ),
  ).toEqual([]);
});

it('lists the days between two times, of events and of rollups without them', async () => {
  await engine.admin.command(
    `ALTER TABLE events DELETE WHERE toDate(timestamp) = '${dayBefore}' SETTINGS mutations_sync = 2`,
  );
  expect(await daysBetween(engine.admin, { from: 0, to: Date.now() })).toEqual({
    event_days: [dayBefore, yesterday],
    arrival_days: [yesterday],
  });
});

it('leaves alone what outlives its events: days that have reached the end of their retention', async () => {
  const old = { project_id: 2, timestamp: NOON - 40 * DAY_MS, received_at: NOON, retention_days: 30 };
  const expired = Array.from({ length: 5 }, (_, n) => makeEventRow(100 + n, old));
  const kept = makeEventRow(200, { project_id: 2, timestamp: NOON, received_at: NOON, retention_days: 30 });
  await engine.admin.insertRows('events', encodeRows([...expired, kept]), { token: randomUUID() });
  await engine.admin.command('OPTIMIZE TABLE events FINAL');
  const rolled = 'SELECT sum(events) AS events FROM events_15m WHERE project_id = 2';
  expect(await engine.admin.query('SELECT count() AS n FROM events WHERE project_id = 2')).toEqual([
    { n: 1 },
  ]);
  const days = await daysBetween(engine.admin, { from: 0, to: Date.now() });
  expect(await compareRollups(engine.admin, days)).toEqual([]);
  expect(await engine.admin.query(rolled)).toEqual([{ events: 6 }]);
});
