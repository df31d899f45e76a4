import { afterAll, beforeAll, expect, it } from 'vitest';
import { followActivity } from '../activity/follow-activity.ts';
import { compareRollups, daysBetween } from '../rollups/compare-rollups.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { changeRetention } from './change-retention.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.now();
let engine: TestEngine;
let activity: ReturnType<typeof followActivity>;

/** One event a day for a hundred days, of each of two projects; every tenth an exposure, every tenth an identify. */
const ROWS = Array.from({ length: 200 }, (_, n) => {
  const age = n >> 1;
  const over =
    age % 10 === 0
      ? {
          event: '$exposure',
          properties: {
            experiment: 'e',
            phase: 1,
            variant: 'a',
            unit: `u${age}`,
            unitType: 'userId',
            reason: 'split',
          },
        }
      : age % 10 === 1
        ? { type: 'identify' as const, event: '$identify', user_id: `u${age}` }
        : {};
  const timestamp = NOW - age * DAY_MS - 60_000;
  return makeEventRow(n, { project_id: 1 + (n % 2), timestamp, received_at: NOW, ...over });
});

beforeAll(async () => {
  engine = await startTestEngine();
  await engine.admin.insertRows('events', encodeRows(ROWS), { token: 'events' });
  activity = followActivity({ client: engine.admin, zones: ['UTC'], intervalMs: 600_000, log: () => {} });
  await activity.look();
});
afterAll(async () => {
  await activity?.close();
  await engine?.close();
});

const change = (days: number) =>
  changeRetention({ client: engine.admin, projectId: 1, days, standStill: (operation) => operation() });
const counts = async (table: string) =>
  Object.fromEntries(
    (
      await engine.admin.query<{ project_id: number; n: number; days: number[] }>(
        `SELECT project_id, count() AS n, groupUniqArray(retention_days) AS days FROM ${table} GROUP BY project_id ORDER BY project_id`,
      )
    ).map(({ project_id, n, days }) => [project_id, [n, ...days]]),
  );
const counted = async () =>
  (
    await engine.admin.query<{ n: number }>(
      'SELECT sum(events) AS n FROM events_15m GROUP BY project_id ORDER BY project_id',
    )
  ).map(({ n }) => n);
/** Nothing is left to be filled by the job. */
const differences = async () => {
  await activity.look();
  return compareAll();
};
const compareAll = async () =>
  compareRollups(engine.admin, await daysBetween(engine.admin, { from: 0, to: Date.UTC(2100, 0) }));

it('a longer time is that of all rows of the project, and of no others', async () => {
  expect(await change(3_000)).toEqual(
    expect.arrayContaining([
      { table: 'events', rows: 100 },
      { table: 'exposures', rows: 10 },
      { table: 'identity_links', rows: 10 },
      { table: 'rejected_events', rows: 0 },
    ]),
  );
  expect(await counts('events')).toEqual({ 1: [100, 3_000], 2: [100, 365] });
  expect(await counts('exposures')).toEqual({ 1: [10, 3_000], 2: [10, 365] });
  expect(await differences()).toEqual([]);
  expect((await counts('activity_daily'))[1]?.slice(1)).toEqual([3_000]);
});

it('a shorter one takes away what is older, with what was made of it; counts stay', async () => {
  await change(50);
  expect(await counts('events')).toEqual({ 1: [50, 50], 2: [100, 365] });
  expect((await counts('exposures'))[1]?.[0]).toBeLessThanOrEqual(6);
  expect((await counts('identity_links'))[2]).toEqual([10, 365]);
  expect(await counted()).toEqual([100, 100]);
  expect(await differences()).toEqual([]);
  expect((await counts('activity_daily'))[1]?.slice(1)).toEqual([50]);
});

it('does nothing the second time', async () => {
  expect((await change(50)).filter(({ rows }) => rows > 0)).toEqual([]);
});
