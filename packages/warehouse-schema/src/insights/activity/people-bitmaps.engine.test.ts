import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followActivity } from '../../activity/follow-activity.ts';
import type { Follower } from '../../background/follow.ts';
import { followPeople } from '../../people/follow-people.ts';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { type ActiveUsersQuestion, runActiveUsers } from '../active-users/active-users.ts';
import { type LifecycleQuestion, runLifecycle } from '../lifecycle/lifecycle.ts';
import { runRetention } from '../retention/retention.ts';
import type { RetentionQuestion } from '../retention/retention-question.ts';
import { runStickiness, type StickinessQuestion } from '../stickiness/stickiness.ts';
import {
  type ActivityRow,
  dayCounter,
  lifecycleOf,
  peopleOn,
  timesByInterval,
} from '../testing/activity-oracle.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 8;
const HALF_HOUR = 1_800_000;
const START = Date.UTC(2026, 1, 1);
const DAYS = 75;
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));
/** In Berlin the 29th of March has 23 hours, in Santiago the 5th of April 25, and that of September begins at one. */
const ZONES = ['UTC', 'Europe/Berlin', 'America/Santiago'];

let engine: TestEngine;
let people: Follower;
let activity: Follower;
const problems: string[] = [];

beforeAll(async () => {
  engine = await startTestEngine();
  const client = engine.admin;
  const log = (line: string) => problems.push(line);
  people = followPeople({ client, intervalMs: 600_000, log });
  activity = followActivity({ client, zones: ZONES, intervalMs: 600_000, log });
  await activity.look();
});
afterAll(async () => {
  await Promise.all([people.close(), activity.close()]);
  await engine.close();
  expect(problems).toEqual([]);
});

/**
 * Rows of a part of the people, on any half hour: of every third person some by the id of a device, one in twenty of a bot.
 * The same part again comes late, with other rows.
 */
const insert = (part: number, parts: number, salt: number) =>
  engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, is_bot, timestamp, received_at, retention_days)
     SELECT 1, concat(toString({salt:UInt32}), '-', toString(person), '-', toString(n)), ['a', 'a', 'b', 'c'][1 + r % 4],
       concat(if(person % 3 = 0 AND r % 2 = 0, 'device-', 'user-'), toString(person)), person % 20 = 7,
       fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 4) % ${DAYS * 48}) * ${HALF_HOUR}) AS timestamp,
       timestamp, [20000, 19000][1 + person % 2]
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n,
             cityHash64(number, {seed:UInt64}, {salt:UInt32}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS} AND person % {parts:UInt32} = {part:UInt32}`,
    {
      params: { start: START, seed: SEED, salt, part, parts },
      settings: { max_block_size: 40_000, max_insert_threads: 1, async_insert: 0 },
    },
  );

/** The devices of every sixth person become theirs. */
const merge = () =>
  engine.admin.command(
    `INSERT INTO events (project_id, message_id, type, event, anonymous_id, user_id, timestamp, received_at, retention_days)
     SELECT 1, concat('link-', toString(number)), 'identify', '$identify', concat('device-', toString(number * 6)),
       concat('user-', toString(number * 6)), fromUnixTimestamp64Milli({start:Int64}) AS timestamp, timestamp, 20000
     FROM numbers(${Math.ceil(PEOPLE / 6)})`,
    { params: { start: START }, settings: { async_insert: 0 } },
  );

const access = () => ({ client: engine.reader, projectId: 1, now: () => Date.UTC(2026, 3, 1) });
const range = { from: '2026-03-20', to: '2026-04-03' };
/** Of the same rows, but no bitmap can say it. */
const raw = { where: [{ property: 'event', operator: 'is_set' as const }] };

type Asked =
  | ['active-users', Partial<ActiveUsersQuestion>]
  | ['lifecycle', Partial<LifecycleQuestion>]
  | ['stickiness', Partial<StickinessQuestion>]
  | ['retention', Partial<RetentionQuestion>];

const a = { event: 'a' };
const QUESTIONS: Asked[] = [
  ['active-users', {}],
  ['active-users', { activity: a, bots: true }],
  [
    'active-users',
    { activity: { event: ['a', 'c'] }, range: { from: '2026-03-20', to: '2026-03-29T15:30' } },
  ],
  ['lifecycle', {}],
  ['lifecycle', { activity: a, interval: 'week' }],
  ['lifecycle', { activity: a, interval: 'month', range: { from: '2026-03-10T08:15', to: '2026-04-03' } }],
  ['stickiness', {}],
  [
    'stickiness',
    { activity: a, interval: 'week', range: { from: '2026-03-10T08:15', to: '2026-04-01T23:00' } },
  ],
  ['retention', { start: a, periods: 7 }],
  ['retention', { start: a, return: { event: 'b' }, unbounded: true, periods: 7 }],
  ['retention', { start: a, return: {}, cohort: 'first_time', interval: 'week', periods: 4 }],
  [
    'retention',
    {
      start: a,
      return: {},
      cohort: 'first_ever',
      range: { from: '2026-02-10T10:00', to: '2026-02-20T10:00' },
    },
  ],
];

async function ask([name, question]: Asked, timezone: string, more: object = {}) {
  const asked = { range, timezone, ...question, ...more };
  switch (name) {
    case 'active-users':
      return runActiveUsers(access(), asked as ActiveUsersQuestion);
    case 'lifecycle':
      return runLifecycle(access(), asked as LifecycleQuestion);
    case 'stickiness':
      return runStickiness(access(), asked as StickinessQuestion);
    case 'retention':
      return runRetention(access(), { start: {}, ...asked } as RetentionQuestion);
  }
}

let round = 0;

/** Every kind of question, each in another time zone than the last time. */
async function agree(): Promise<void> {
  round += 1;
  for (const [index, question] of QUESTIONS.entries()) {
    const timezone = ZONES[(index + round) % ZONES.length] ?? 'UTC';
    const byBitmaps = await ask(question, timezone);
    const byRows = await ask(question, timezone, raw);
    const label = `${timezone} ${JSON.stringify(question)} MILLRACE_TEST_SEED=${SEED}`;
    expect(byBitmaps.queries.at(-1)?.sql, label).toContain('activity_daily');
    expect(byRows.queries.at(-1)?.sql, label).not.toContain('activity_daily');
    expect(byBitmaps.result, label).toEqual(byRows.result);
    expect(JSON.stringify(byBitmaps.result), label).toMatch(/:[1-9]/);
  }
}

describe(`${PEOPLE} random people, with bitmaps and without (MILLRACE_TEST_SEED=${SEED})`, () => {
  it('agrees once all rows are taken over', async () => {
    await insert(0, 2, 1);
    expect(await activity.look()).toBeGreaterThan(30_000);
    await agree();
  });

  it('agrees when people were merged, though their rows were taken over before', async () => {
    await merge();
    await people.look();
    await activity.look();
    await agree();
  });

  it('agrees while rows are not taken over: new people, late rows, devices of somebody', async () => {
    await insert(1, 2, 1);
    await insert(0, 3, 2);
    await agree();
  });

  it('agrees when parts were merged before all of them were taken over', async () => {
    await engine.admin.command('OPTIMIZE TABLE events FINAL');
    await agree();
    expect(await activity.look()).toBeGreaterThan(30_000);
    expect(await activity.look()).toBe(0);
    await agree();
  });

  it('says what counting each person says', async () => {
    const found = await engine.admin.query<{ id: string; event: string; time: number }>(
      "SELECT distinct_id AS id, event, toUnixTimestamp64Milli(timestamp) AS time FROM events WHERE NOT is_bot AND event = 'a'",
    );
    for (const timezone of ZONES) {
      const day = dayCounter(timezone);
      const rows = found.map(({ id, time }): ActivityRow => {
        const [kind, number] = id.split('-');
        const isMerged = kind === 'device' && Number(number) % 6 === 0;
        return { person: isMerged ? `user-${number}` : id, day: day(time) };
      });
      const first = Date.parse(range.from) / 86_400_000;
      const active = await runActiveUsers(access(), { range, timezone, activity: a });
      expect(active.queries.at(-1)?.sql).toContain('activity_daily');
      expect(active.result?.days.map(({ daily, weekly, monthly }) => [daily, weekly, monthly])).toEqual(
        Array.from({ length: 14 }, (_, n) => first + n).map((today) => [
          peopleOn(rows, today, today),
          peopleOn(rows, today - 6, today),
          peopleOn(rows, today - 29, today),
        ]),
      );
      const byDay = timesByInterval(rows, 'day');
      const lifecycle = await runLifecycle(access(), { range, timezone, activity: a });
      expect(lifecycle.result?.intervals).toMatchObject(
        Array.from({ length: 14 }, (_, n) => lifecycleOf(byDay, first + n)),
      );
    }
  });

  it('goes by the rows where bitmaps cannot say it', async () => {
    const questions: [Asked, string, object][] = [
      [['active-users', {}], 'Asia/Kathmandu', {}],
      [['active-users', { activity: { ...a, where: raw.where } }], 'UTC', {}],
      [['active-users', {}], 'UTC', { segments: [{ name: 'all', where: raw.where }] }],
      [['lifecycle', { interval: 'hour', range: { from: '2026-03-20', to: '2026-03-21' } }], 'UTC', {}],
      [['stickiness', { minimum: 2 }], 'UTC', {}],
      [['retention', { rolling: true }], 'UTC', {}],
      [['retention', { minimum: 2 }], 'UTC', {}],
    ];
    for (const [question, timezone, more] of questions) {
      const { queries } = await ask(question, timezone, more);
      expect(queries.at(-1)?.sql, JSON.stringify(question)).not.toContain('activity_daily');
    }
  });
});
