import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Follower } from '../background/follow.ts';
import type { EventRow } from '../rows.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { followPeople } from './follow-people.ts';

let engine: TestEngine;
let people: Follower;
beforeAll(async () => {
  engine = await startTestEngine();
  people = followPeople({ client: engine.admin, intervalMs: 600_000, log: () => {} });
});
afterAll(async () => {
  await people.close();
  await engine.close();
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 20, 12);
let number = 0;
const row = (over: Partial<EventRow>, at = 0) => {
  number += 1;
  return makeEventRow(number, { timestamp: NOON + at, anonymous_id: '', ...over });
};
const insert = (rows: readonly object[]) =>
  engine.admin.insertRows('events', encodeRows(rows), { token: randomUUID() });
const ask = <Row>(sql: string) => engine.reader.query<Row>(sql);

it('people: their ids, first and last time, and of each trait the newest', async () => {
  await insert([
    row({ project_id: 1, anonymous_id: 'device', country: 'NP', revenue: 2 }, 5),
    row({ project_id: 1, anonymous_id: 'phone' }, -26 * HOUR),
    row({ project_id: 1, type: 'identify', anonymous_id: 'phone', user_id: 'ada', traits: { plan: 'pro', age: 36 } }, 9),
    row({ project_id: 1, type: 'identify', anonymous_id: 'device', user_id: 'ada', traits: { plan: 'free "x"', 'a.b': true } }, 3),
    row({ project_id: 1, type: 'group', user_id: 'ada', traits: { plan: 'of the group' } }, 99),
    row({ project_id: 1, anonymous_id: 'device', is_bot: true }, 200),
    row({ project_id: 1, user_id: 'bob' }, 7),
    row({ project_id: 2, anonymous_id: 'device' }, 1),
  ]); // biome-ignore format: a table
  await people.look();
  const all = await ask<Record<string, unknown>>('SELECT * FROM people ORDER BY project_id, person_id');
  expect(all).toMatchObject([
    {
      project_id: 1,
      person_id: 'ada',
      ids: ['ada', 'device', 'phone'],
      first_seen: '2026-11-19 10:00:00.000',
      last_seen: '2026-11-20 12:00:00.099',
      events: 5,
      active_days: 2,
      revenue: 2,
      country: 'NP',
      traits: { plan: 'pro', age: '36', 'a.b': 'true' },
    },
    { project_id: 1, person_id: 'bob', ids: ['bob'], events: 1, traits: {} },
    { project_id: 2, person_id: 'device', ids: ['device'], events: 1, traits: {} },
  ]);
});

it('person_timeline: all that a person did, by whatever id it is asked for', async () => {
  const times = async (person: string) =>
    (
      await ask<{ ms: number }>(
        `SELECT toUnixTimestamp64Milli(timestamp) AS ms FROM person_timeline(project = 1, person = '${person}')`,
      )
    ).map(({ ms }) => ms - NOON);
  const ada = [-26 * HOUR, 3, 5, 9, 99, 200];
  for (const id of ['ada', 'device', 'phone']) expect(await times(id)).toEqual(ada);
  expect(await times('bob')).toEqual([7]);
});

it('sessions: the client’s id wins, a server is in none, and a person is who it was at last', async () => {
  await insert([
    row({ project_id: 3, type: 'page', session_id: 's', anonymous_id: 'd', path: '/in', channel: 'Email', user_agent: 'M' }),
    row({ project_id: 3, type: 'identify', session_id: 's', anonymous_id: 'd', user_id: 'ada', user_agent: 'M' }, 25 * HOUR),
    row({ project_id: 3, type: 'page', session_id: 's', anonymous_id: 'd', user_id: 'ada', path: '/out', user_agent: 'M' }, 26 * HOUR),
    row({ project_id: 3, type: 'page', session_id: 't', anonymous_id: 'd', path: '/only', user_agent: 'M' }, 26 * HOUR),
    row({ project_id: 3, anonymous_id: 'd', user_id: 'ada' }, HOUR),
  ]); // biome-ignore format: a table
  await people.look();
  expect(
    await ask(`SELECT session_id, source, person_id, duration_ms, events, page_views, is_bounce, entry_path, exit_path,
      channel FROM sessions WHERE project_id = 3 ORDER BY session_id`),
  ).toEqual([
    { session_id: 's', source: 'client', person_id: 'ada', duration_ms: 26 * HOUR, events: 3, page_views: 2, is_bounce: false, entry_path: '/in', exit_path: '/out', channel: 'Email' },
    { session_id: 't', source: 'client', person_id: 'ada', duration_ms: 0, events: 1, page_views: 1, is_bounce: true, entry_path: '/only', exit_path: '/only', channel: '' },
  ]); // biome-ignore format: a table
});

it('sessions of a device without ids are as cut by hand', async () => {
  const seed = randomBytes(4).readUInt32LE();
  const random = seededRandom(seed);
  const expected: unknown[] = [];
  const rows: object[] = [];
  for (let device = 0; device < 40; device++) {
    const steps = [1, 29 * MINUTE, 30 * MINUTE, 30 * MINUTE + 1, 0, 5 * HOUR];
    const isBusy = random() < 0.5;
    const times: number[] = [];
    let at = Math.floor(random() * HOUR);
    for (let n = 0; n < 80; n++) {
      times.push(at);
      at += isBusy ? 29 * MINUTE : (steps[Math.floor(random() * steps.length)] ?? 0);
    }
    let start = times[0] ?? 0;
    let previous = start;
    let origin = start;
    let events = 0;
    const end = () =>
      expected.push({ session_id: `d${device}/${NOON + start}`, events, duration_ms: previous - start });
    for (const time of times) {
      const isIdle = time - previous > 30 * MINUTE;
      const isCapped =
        Math.floor((time - origin) / (24 * HOUR)) > Math.floor((previous - origin) / (24 * HOUR));
      if (isIdle || isCapped) {
        end();
        start = time;
        events = 0;
        if (isIdle) origin = time;
      }
      previous = time;
      events += 1;
    }
    end();
    for (const time of times) {
      rows.push(row({ project_id: 4, anonymous_id: `d${device}`, device_type: 'mobile' }, time));
    }
  }
  rows.sort(() => random() - 0.5);
  await insert(rows.slice(0, 1000));
  await insert(rows.slice(1000));
  const found = await ask<{ session_id: string }>(
    `SELECT session_id, events, duration_ms FROM sessions WHERE project_id = 4 AND source = 'device'`,
  );
  const byId = (all: unknown[]) =>
    [...(all as { session_id: string }[])].sort((a, b) => (a.session_id < b.session_id ? -1 : 1));
  expect(byId(found), `seed ${seed}`).toEqual(byId(expected));
});
