import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { runLive } from './live.ts';

const PEOPLE = 20_000;
const NOW = Date.UTC(2026, 10, 1, 12, 34, 56, 789);
const MINUTE_MS = 60_000;
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

interface Row {
  person: string;
  path: string;
  ago: number;
}

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  // Five rows a person, at quarters of a minute: before now, now, and still to come.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, path, retention_days)
     SELECT 1, toString(number), 'e', toString(intDiv(number, 5)),
       fromUnixTimestamp64Milli({now:Int64} - (toInt64(r % 200) - 20) * 15000) AS timestamp, timestamp,
       ['', '/', '/a', '/b', '/c'][1 + intDiv(r, 200) % 5], 20000
     FROM (SELECT number, cityHash64(number, {seed:UInt64}) AS r FROM numbers(${PEOPLE * 5}))`,
    { params: { now: NOW, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
});
afterAll(() => engine.close());

function figures(rows: Row[]) {
  return { events: rows.length, people: new Set(rows.map(({ person }) => person)).size };
}

it(`counts ${PEOPLE} random people of the last minutes as going through their rows does (MILLRACE_TEST_SEED=${SEED})`, async () => {
  const rows = await engine.admin.query<Row>(
    'SELECT distinct_id AS person, path, {now:Int64} - toUnixTimestamp64Milli(timestamp) AS ago FROM events',
    { params: { now: NOW } },
  );
  const { result } = await runLive(
    { client: engine.reader, projectId: 1, now: () => NOW },
    { minutes: 10, pages: 2 },
  );
  const inRange = rows.filter(({ ago }) => ago > 0 && ago <= 10 * MINUTE_MS);
  expect(result).toMatchObject(figures(inRange));
  expect(result?.minutes).toMatchObject(
    Array.from({ length: 10 }, (_, index) =>
      figures(inRange.filter(({ ago }) => Math.ceil(ago / MINUTE_MS) === 10 - index)),
    ),
  );
  const pages = ['/', '/a', '/b', '/c']
    .map((path) => ({ path, ...figures(inRange.filter((row) => row.path === path)) }))
    .sort((a, b) => b.people - a.people || b.events - a.events || (a.path < b.path ? -1 : 1));
  const others = pages.slice(2).reduce((sum, { events }) => sum + events, 0);
  expect(result?.pages).toEqual({ top: pages.slice(0, 2), others: { events: others } });
  expect(result?.events).toBeGreaterThan(1000);
});
