import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Follower } from '../background/follow.ts';
import { checkActivity } from '../check/check-activity.ts';
import { runActiveUsers } from '../insights/active-users/active-users.ts';
import { queryText } from '../queries/run-query.ts';
import { compareRollups, daysBetween, rebuildRollups } from '../rollups/compare-rollups.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { noteProgress, readProgress } from './activity-progress.ts';
import { followActivity } from './follow-activity.ts';
import { numberIds } from './number-ids.ts';

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;
const ZONES = ['UTC', 'Asia/Kathmandu'];

let engine: TestEngine;
const followers: Follower[] = [];
const problems: string[] = [];
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(async () => {
  await Promise.all(followers.map((one) => one.close()));
  await engine.close();
  expect(problems).toEqual([]);
});
beforeEach(async () => {
  await Promise.all(followers.splice(0).map((one) => one.close()));
  for (const table of [
    'events',
    'person_numbers',
    'person_number_overrides',
    'activity_daily',
    'activity_progress',
  ])
    await engine.admin.command(`TRUNCATE TABLE ${table}`);
});

/** A follower as another process would have it, once it has looked. */
async function follower(zones: readonly string[] = ZONES): Promise<Follower> {
  const log = (line: string) => problems.push(line);
  const one = followActivity({ client: engine.admin, zones, intervalMs: 600_000, log });
  followers.push(one);
  await one.look();
  return one;
}

let row = 0;
/** Rows of as many people, on each of some days before yesterday. */
const insert = (people: number, days: number, over: Parameters<typeof makeEventRow>[1] = {}) =>
  engine.admin.insertRows(
    'events',
    encodeRows(
      Array.from({ length: people * days }, (_, n) => {
        row += 1;
        const timestamp = NOON - (n % days) * DAY_MS - (n % 40) * 3_600_000;
        return makeEventRow(row, { anonymous_id: `person-${n % people}`, timestamp, ...over });
      }),
    ),
    { token: randomUUID() },
  );

async function differences() {
  const days = await daysBetween(engine.admin, { from: 0, to: Date.now() + DAY_MS });
  const found = await compareRollups(engine.admin, days);
  return found.filter(({ rollup }) => rollup === 'activity_daily');
}

/** What is stored of each day, and what `events` says of it. */
async function stored(zone = 'UTC', event = '') {
  return engine.admin.query<{ day: string; people: number }>(
    `SELECT day, toUInt64(groupBitmapMerge(ids)) AS people FROM activity_daily
     WHERE zone = {zone:String} AND event = {event:String} GROUP BY day ORDER BY day`,
    { params: { zone, event } },
  );
}
const raw = (zone = 'UTC', event = '') =>
  engine.admin.query<{ day: string; people: number }>(
    `SELECT toDate(timestamp, {zone:String}) AS day, uniqExact(distinct_id) AS people FROM events
     WHERE {event:String} IN ('', event) GROUP BY day ORDER BY day`,
    { params: { zone, event } },
  );

async function numbers() {
  const [found] = await engine.admin.query<Record<'ids' | 'numbers' | 'least' | 'greatest', number>>(
    `SELECT count() AS ids, uniqExact(one) AS numbers, min(one) AS least, max(one) AS greatest
     FROM (SELECT distinct_id, any(number) AS one FROM person_numbers
           WHERE project_id = 1 GROUP BY distinct_id HAVING throwIf(uniqExact(number) != 1, 'a second number') = 0)`,
  );
  return found;
}

const range = {
  from: new Date(NOON - 3 * DAY_MS).toISOString().slice(0, 10),
  to: new Date(NOON + DAY_MS).toISOString().slice(0, 10),
};
async function answer(timezone: string) {
  const { result, queries } = await runActiveUsers(
    { client: engine.reader, projectId: 1 },
    { range, timezone },
  );
  return {
    days: result?.days.map(({ daily, weekly, monthly }) => [daily, weekly, monthly]),
    isByBitmaps: queries.at(-1)?.sql.includes('activity_daily'),
  };
}

it('takes every row over once, however often it looks, by the days of each zone', async () => {
  const one = await follower();
  await insert(50, 5);
  expect(await one.look()).toBe(250);
  await insert(70, 3, { event: 'bought' });
  expect(await one.look()).toBe(210);
  expect(await one.look()).toBe(0);
  for (const zone of ZONES) {
    expect(await stored(zone)).toEqual(await raw(zone));
    expect(await stored(zone, 'bought')).toEqual(await raw(zone, 'bought'));
  }
  expect(await differences()).toEqual([]);
  expect(await numbers()).toEqual({ ids: 70, numbers: 70, least: 1, greatest: 70 });
});

it('gives no number twice and no id two, whoever believes to be alone', async () => {
  await insert(300, 1);
  const sql = 'SELECT DISTINCT project_id, distinct_id, today() + 100 AS expires FROM events';
  const state = await readProgress(engine.admin);
  // Each as of its own last look: some of them see ids that others number meanwhile.
  const zombies = Array.from({ length: 8 }, (_, n) =>
    numberIds(engine.admin, structuredClone(state), {
      sql: `${sql} WHERE sipHash64(distinct_id) % 8 >= {skip:UInt8}`,
      params: { skip: n % 4 },
    }).then(
      () => 'numbered',
      (error: Error) => error.message,
    ),
  );
  for (const outcome of await Promise.all(zombies))
    expect(outcome).toMatch(/^numbered$|another process numbers people/);
  await numberIds(engine.admin, structuredClone(state), { sql, params: {} });
  expect(await numbers()).toEqual({ ids: 300, numbers: 300, least: 1, greatest: 300 });
});

it('never gives a number again that expired', async () => {
  const one = await follower();
  await insert(10, 1);
  await one.look();
  await engine.admin.command('ALTER TABLE person_numbers DELETE WHERE true SETTINGS mutations_sync = 2');
  await insert(1, 1, { anonymous_id: 'later' });
  await one.look();
  const found = await engine.admin.query('SELECT distinct_id, number FROM person_numbers');
  expect(found).toEqual([{ distinct_id: 'later', number: 11 }]);
});

it('of several, one works; another goes on when it is gone, and what the first notes late does no harm', async () => {
  await insert(20, 1);
  const first = await follower();
  const state = await readProgress(engine.admin);
  await noteProgress(engine.admin, { ...state, holder: 'somebody else' }, 600_000);
  await insert(20, 2);
  expect(await first.look()).toBe(0);
  const byRows = await answer('Africa/Abidjan');
  expect(byRows.isByBitmaps).toBe(false);
  expect(await answer('UTC')).toEqual({ ...byRows, isByBitmaps: true });
  await noteProgress(engine.admin, { ...state, holder: 'somebody else' }, 0);
  expect(await first.look()).toBe(40);
  // As of before: it is done again.
  await noteProgress(engine.admin, state, 0);
  expect(await first.look()).toBe(40);
  expect(await stored()).toEqual(await raw());
});

it('what the bitmaps lack or have too much is found, and questions are right from then on', async () => {
  const one = await follower();
  await insert(30, 4);
  await one.look();
  const right = await Promise.all(ZONES.map(answer));
  const day = new Date(NOON - DAY_MS).toISOString().slice(0, 10);
  const damages = [
    `ALTER TABLE activity_daily DELETE WHERE utc_day = '${day}' SETTINGS mutations_sync = 2`,
    `INSERT INTO activity_daily SELECT project_id, zone, event, day, utc_day, is_bot, retention_days,
       groupBitmapState(toUInt32(999)) FROM activity_daily WHERE utc_day = '${day}' GROUP BY ALL`,
  ];
  for (const damage of damages) {
    await engine.admin.command(damage);
    expect(await Promise.all(ZONES.map(answer))).not.toEqual(right);
    const found = await differences();
    expect(found.map((each) => each.day)).toEqual([day]);
    await rebuildRollups(engine.admin, found);
    expect(await differences()).toEqual([]);
    expect(await Promise.all(ZONES.map(answer))).toEqual(right);
    expect(await one.look()).toBeGreaterThan(0);
    expect(await differences()).toEqual([]);
    expect(await stored()).toEqual(await raw());
    expect(await Promise.all(ZONES.map(answer))).toEqual(right);
  }
});

it('notes nothing that was under way when a part was to be made anew', async () => {
  const one = await follower();
  await insert(30, 1);
  await one.look();
  const under = await readProgress(engine.admin);
  const [place] = await engine.admin.query<{ project_id: number; day: string }>(
    'SELECT DISTINCT project_id, utc_day AS day FROM activity_daily LIMIT 1',
  );
  if (!place) throw new Error('nothing was stored');
  await rebuildRollups(engine.admin, [{ rollup: 'activity_daily', ...place }]);
  await noteProgress(engine.admin, under, 0);
  expect(await one.look()).toBe(30);
  expect(await stored()).toEqual(await raw());
});

it('a crash of ClickHouse in the middle, and rows that came back under lower numbers of blocks, lose nothing', async () => {
  const one = await follower();
  for (let n = 0; n < 5; n++) await insert(40, 10);
  const looking = one.look().catch(() => 0);
  await engine.restart('SIGKILL');
  await looking;
  await one.look();
  expect(await differences()).toEqual([]);
  expect(await stored()).toEqual(await raw());

  await engine.admin.command('TRUNCATE TABLE events');
  await engine.restart('SIGTERM');
  await engine.admin.command('TRUNCATE TABLE activity_daily');
  await insert(7, 2);
  expect(await one.look()).toBe(14);
  expect(await stored()).toEqual(await raw());
});

it('fills a zone that is added later from the beginning, and questions read events until then', async () => {
  await follower(['UTC']);
  await insert(20, 3);
  const before = await answer('America/New_York');
  expect(before.isByBitmaps).toBe(false);
  await follower(['UTC', 'America/New_York']);
  expect(await answer('America/New_York')).toEqual({ ...before, isByBitmaps: true });
  expect(await stored('America/New_York')).toEqual(await raw('America/New_York'));
});

it('keeps days whose rows have reached the end of their retention, for a day, and calls them right', async () => {
  const one = await follower();
  await insert(5, 1, { retention_days: 30, timestamp: NOON - 28 * DAY_MS });
  await insert(5, 1);
  await one.look();
  const cutOff = queryText('rollups/activity-daily.compare').replaceAll(
    "now('UTC')",
    "now('UTC') + 86400 * 2",
  );
  await engine.admin.command(
    'ALTER TABLE events DELETE WHERE retention_days = 30 SETTINGS mutations_sync = 2',
  );
  const days = [NOON - 28 * DAY_MS, NOON].map((at) => new Date(at).toISOString().slice(0, 10));
  expect(await engine.admin.query(cutOff, { params: { days } })).toEqual([]);
  expect(await differences()).toMatchObject([{ surplus: 2 * 2 * 5 }]);
});

it('doctor says that it is behind, and that people share a number', async () => {
  const late = async () => {
    await engine.admin.command(
      `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, inserted_at)
       SELECT 1, toString(number), 'a', toString(number), now64(3), now64(3) - 1000 FROM numbers(3)`,
      { settings: { async_insert: 0 } },
    );
    return (await checkActivity(engine.admin)).map(({ code, message }) => `${code}: ${message}`);
  };
  expect(await late()).toEqual([expect.stringMatching(/^activity_behind: 3 events .* by UTC/)]);
  const one = await follower();
  expect(await checkActivity(engine.admin)).toEqual([]);
  expect(await late()).toEqual([expect.stringMatching(/^activity_behind: 6 events/)]);
  await one.look();
  await engine.admin.command(
    "INSERT INTO person_numbers SELECT project_id, 'other', number, batch, expires FROM person_numbers LIMIT 1",
    { settings: { async_insert: 0 } },
  );
  expect((await checkActivity(engine.admin)).map(({ code }) => code)).toEqual(['person_numbers_doubled']);
});
