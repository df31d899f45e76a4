import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { runActiveUsers } from '../active-users/active-users.ts';
import { runLifecycle } from '../lifecycle/lifecycle.ts';
import { runStickiness } from '../stickiness/stickiness.ts';
import {
  type ActivityRow,
  dayCounter,
  intervalNumber,
  lifecycleOf,
  peopleOn,
  timesByInterval,
} from '../testing/activity-oracle.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 10;
const HALF_HOUR = 1_800_000;
const START = Date.UTC(2026, 1, 1);
const DAYS = 75;
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

let engine: TestEngine;
let rows: { person: string; event: string; time: number }[];

beforeAll(async () => {
  engine = await startTestEngine();
  // Up to ten rows a person at any half hour; every fifth person keeps to six days, so that some do a thing often.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)), ['a', 'a', 'b'][1 + r % 3], toString(person),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(if(person % 5 = 0, 50 * 48 + intDiv(r, 3) % 288, intDiv(r, 3) % ${DAYS * 48})) * ${HALF_HOUR}) AS timestamp,
       timestamp, 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  rows = await engine.admin.query(
    'SELECT distinct_id AS person, event, toUnixTimestamp64Milli(timestamp) AS time FROM events',
  );
});
afterAll(() => engine.close());

const range = { from: '2026-03-20', to: '2026-04-03' };
const dayOf = (iso: string): number => Date.parse(iso.slice(0, 10)) / 86_400_000;
const activity = { event: 'a' };

// Nepal is off by 45 minutes; in Berlin the 29th of March has 23 hours, in Santiago the 5th of April 25.
describe.each(['Asia/Kathmandu', 'Europe/Berlin', 'America/Santiago'])(
  `${PEOPLE} random people by the clock of %s (MILLRACE_TEST_SEED=${SEED})`,
  (timezone) => {
    const access = () => ({ client: engine.reader, projectId: 1 });
    const active = (): ActivityRow[] => {
      const day = dayCounter(timezone);
      return rows
        .filter(({ event }) => event === 'a')
        .map(({ person, time }) => ({ person, day: day(time) }));
    };

    it('active users: everyone of a window is counted once', async () => {
      const { result } = await runActiveUsers(access(), { range, timezone, activity });
      const oracle = active();
      const expected = Array.from({ length: 14 }, (_, index) => {
        const day = dayOf(range.from) + index;
        return [peopleOn(oracle, day, day), peopleOn(oracle, day - 6, day), peopleOn(oracle, day - 29, day)];
      });
      expect(result?.days.map(({ daily, weekly, monthly }) => [daily, weekly, monthly])).toEqual(expected);
      expect(expected.flat().every((people) => people > 0)).toBe(true);
    });

    it.each(['day', 'week'] as const)('lifecycle by %s', async (interval) => {
      const { result } = await runLifecycle(access(), { range, timezone, activity, interval });
      const people = timesByInterval(
        active().filter(({ day }) => day < dayOf(range.to)),
        interval,
      );
      const starts = result?.intervals.map(({ start }) => intervalNumber(dayOf(start), interval)) ?? [];
      expect(starts).toHaveLength(interval === 'day' ? 14 : 3);
      expect(result?.intervals).toMatchObject(starts.map((number) => lifecycleOf(people, number)));
      expect(result?.intervals.every((one) => one.new > 0 && one.dormant > 0)).toBe(true);
    });

    it.each([
      ['day', 1],
      ['day', 2],
      ['week', 2],
    ] as const)('stickiness by %s, at least %d times', async (interval, minimum) => {
      const { result } = await runStickiness(access(), { range, timezone, activity, interval, minimum });
      const inRange = active().filter(({ day }) => day >= dayOf(range.from) && day < dayOf(range.to));
      const counts = [...timesByInterval(inRange, interval).values()].map(
        (times) => [...times.values()].filter((often) => often >= minimum).length,
      );
      const bars = result?.bars ?? [];
      expect(bars.map(({ people }) => people)).toEqual(
        bars.map(({ intervals }) => counts.filter((count) => count === intervals).length),
      );
      expect(result?.people).toBe(counts.filter((count) => count > 0).length);
      expect(bars.filter(({ people }) => people > 0).length).toBeGreaterThan(1);
    });
  },
);
