import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFile } from '../package-files.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { eventsPerSecond, liveCounts, totals } from './live-queries.ts';
import { chunkRows, findMessageIds, lastPosition } from './log-queries.ts';
import { recentEvents } from './recent-events.ts';
import { queryText } from './run-query.ts';

let engine: TestEngine;
const NOW = Date.now();
const ROWS = [
  makeEventRow(1, {
    event: 'bought',
    received_at: NOW - 3_000,
    user_id: 'ann',
    revenue: 12.5,
    properties: { size: 'L', 'a.b': 1 },
  }),
  makeEventRow(2, { event: 'clicked', received_at: NOW - 2_000, anonymous_id: 'anon' }),
  makeEventRow(3, { event: 'clicked', received_at: NOW - 1_000, anonymous_id: 'anon' }),
  makeEventRow(4, { event: 'clicked', received_at: NOW, project_id: 2, log_id: 'test-000000000002' }),
];

beforeAll(async () => {
  engine = await startTestEngine();
  await engine.admin.insertRows('events', encodeRows(ROWS), { token: 'rows' });
});
afterAll(() => engine.close());

it('opens every query with a comment that says what it answers and what its columns are', () => {
  const names = readdirSync(packageFile('queries'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sql'),
  );
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) {
    const text = queryText(name.slice(0, -'.sql'.length));
    expect(text, name).toMatch(/^-- [A-Z]/);
    // Those of the insights are pieces, which are put together; others are conditions, or write.
    const answers = !name.startsWith('insights') && /^(SELECT|WITH)\b/m.test(text) && !/^INSERT /m.test(text);
    if (answers && !name.endsWith('.rebuild.sql')) expect(text, name).toMatch(/^-- columns: /m);
  }
});

it('counts by event and in total, within the project', async () => {
  const params = { project_id: 1, max_rows: 10 };
  expect(await liveCounts(engine.reader, params)).toEqual([
    { event: 'clicked', events: 2, users: 1, revenue: 0, last_received_at: NOW - 1_000 },
    { event: 'bought', events: 1, users: 1, revenue: 12.5, last_received_at: NOW - 3_000 },
  ]);
  expect(await liveCounts(engine.reader, { ...params, max_rows: 1 })).toHaveLength(1);
  expect(await totals(engine.reader, { project_id: 1 })).toEqual({
    events: 3,
    users: 2,
    revenue: 12.5,
    last_received_at: NOW - 1_000,
  });
  expect(await totals(engine.reader, { project_id: 9 })).toEqual({
    events: 0,
    users: 0,
    revenue: 0,
    last_received_at: 0,
  });
});

it('gives the events that arrived last, newest first, without properties that are null', async () => {
  const rows = await recentEvents(engine.reader, { project_id: 1, since: 0, max_rows: 10 });
  expect(rows.map(({ message_id }) => message_id)).toEqual(['message-3', 'message-2', 'message-1']);
  expect(rows[2]).toMatchObject({ event: 'bought', received_at: NOW - 3_000, user_id: 'ann', revenue: 12.5 });
  expect(rows[2]?.properties).toEqual({ size: 'L', 'a.b': 1 });
  const since = await recentEvents(engine.reader, { project_id: 1, since: NOW - 2_000, max_rows: 10 });
  expect(since).toHaveLength(2);
});

it('gives every second, with 0 where nothing arrived', async () => {
  const rows = await eventsPerSecond(engine.reader, { project_id: 1, seconds: 60 });
  expect(rows).toHaveLength(60);
  expect(rows.map(({ second }) => second)).toEqual(rows.map((_, n) => (rows[0]?.second ?? 0) + n));
  expect(rows.reduce((sum, { events }) => sum + events, 0)).toBe(3);
});

it('counts what arrived in the running second', async () => {
  const rows = Array.from({ length: 20 }, (_, n) =>
    makeEventRow(n, { project_id: 3, received_at: Date.now(), log_id: 'second-000000000001' }),
  );
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'running second' });
  const seconds = await eventsPerSecond(engine.reader, { project_id: 3, seconds: 60 });
  expect(seconds.reduce((sum, { events }) => sum + events, 0)).toBe(20);
});

it('knows what stands in a part of the log', async () => {
  const rows = await chunkRows(engine.admin, {
    table: 'events',
    log_id: 'test-000000000001',
    from: 2,
    to: 4,
  });
  expect(rows).toEqual([
    { log_offset: 2, log_index: 0, copies: 1 },
    { log_offset: 3, log_index: 0, copies: 1 },
  ]);
});

it('knows the last position of a family of logs', async () => {
  expect(await lastPosition(engine.admin, { prefix: 'test-' })).toEqual({
    log_id: 'test-000000000002',
    log_offset: 4,
    log_index: 0,
  });
  expect(await lastPosition(engine.admin, { prefix: 'other-' })).toBeUndefined();
});

it('finds ids that stand at an earlier position, among twenty thousand', async () => {
  const ids: [number, string][] = Array.from({ length: 20_000 }, (_, n) => [1, `message-${n}`]);
  ids.push([1, "it's\t\\a\n🚗"], [2, 'message-1']);
  const before = { log_id: 'test-000000000001', log_offset: 3, log_family: 'test-', received_after: 0 };
  const found = await findMessageIds(engine.admin, { ids, ...before });
  expect(found).toEqual([
    {
      project_id: 1,
      message_id: 'message-1',
      content_hash: 1,
      received_at: NOW - 3_000,
      log_id: 'test-000000000001',
      log_offset: 1,
      log_index: 0,
    },
    {
      project_id: 1,
      message_id: 'message-2',
      content_hash: 2,
      received_at: NOW - 2_000,
      log_id: 'test-000000000001',
      log_offset: 2,
      log_index: 0,
    },
  ]);
  const late = await findMessageIds(engine.admin, { ids, ...before, received_after: NOW - 2_500 });
  expect(late.map(({ message_id }) => message_id)).toEqual(['message-2']);
  const other = await findMessageIds(engine.admin, { ids, ...before, log_family: 'other-' });
  expect(other.map(({ message_id }) => message_id)).toEqual(['message-1', 'message-2', 'message-3']);
});

it('answers the short names of /track over events and over user_events', async () => {
  const sql = (table: string) =>
    `SELECT event_type, uniq(user_id) AS users FROM ${table} WHERE project_id = 1 AND toDate(timestamp) >= yesterday() GROUP BY event_type ORDER BY event_type`;
  expect(await engine.reader.query(sql('user_events'))).toEqual([
    { event_type: 'bought', users: 1 },
    { event_type: 'clicked', users: 1 },
  ]);
  expect(await engine.reader.query(sql('events'))).toHaveLength(2);
  expect(
    await engine.reader.query('SELECT event_id, session_id, created_at FROM events LIMIT 1'),
  ).toHaveLength(1);
  expect(
    await engine.reader.query(
      'SELECT event_type, events, unique_users FROM events_daily WHERE project_id = 1 ORDER BY event_type',
    ),
  ).toEqual([
    { event_type: 'bought', events: 1, unique_users: 1 },
    { event_type: 'clicked', events: 2, unique_users: 1 },
  ]);
});
