import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { DAY_MS, expose, HOUR_MS, PHASES, ROWS, type Row, START } from '../testing/experiment-scenario.ts';
import { encodeRows } from '../testing/make-event-row.ts';
import { standInDictionaries } from '../testing/stand-in-dictionaries.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await standInDictionaries(engine.admin, PHASES);
  await insert(ROWS);
});
afterAll(() => engine.close());

const insert = (rows: readonly Row[]) =>
  engine.admin.insertRows('events', encodeRows(rows), { token: randomUUID() });
const ask = <Found = Record<string, unknown>>(sql: string) => engine.reader.query<Found>(sql);
const PRICE = "project_id = 1 AND experiment = 'price' AND phase = 1";
const round = (value: number) => Math.round(value * 1e9) / 1e9;

it('counts every exposed unit once, and of its conversions those between its exposure and the end', async () => {
  expect(
    await ask(`SELECT variant, users, users_in_several_variants AS several, converted_users, conversions,
      toFloat64(revenue) AS revenue FROM experiment_performance WHERE ${PRICE} ORDER BY variant`),
  ).toEqual([
    { variant: 'control', users: 6, several: 1, converted_users: 2, conversions: 3, revenue: 34 },
    { variant: 'treatment', users: 4, several: 0, converted_users: 3, conversions: 3, revenue: 30 },
  ]);
});

it('compares with the control, by hand', async () => {
  const [control, treatment] = await ask<Record<string, number | null>>(
    `SELECT * FROM experiment_performance WHERE ${PRICE} ORDER BY variant`,
  );
  expect(control).toMatchObject({ lift: null, p_value: null, is_significant: null, expected_share: 0.75 });
  // 2 of 6 and 3 of 4; 5 of 10 together.
  const z = (3 / 4 - 2 / 6) / Math.sqrt(0.25 * (1 / 6 + 1 / 4));
  const half = 1.959963984540054 * Math.sqrt((3 / 4 / 4) * (1 / 4) + (2 / 6 / 6) * (4 / 6));
  expect(treatment).toMatchObject({ traffic_share: 0.4, expected_share: 0.25, is_significant: false });
  const {
    lift,
    z_score,
    p_value,
    difference_low,
    difference_high,
    revenue_per_user,
    revenue_per_conversion,
  } = treatment as Record<string, number>;
  expect(round(lift ?? 0)).toBe(1.25);
  expect(round(z_score ?? 0)).toBe(round(z));
  // Twice the upper tail of the normal distribution beyond 1.2909944487.
  expect(p_value).toBeCloseTo(0.196706, 6);
  expect(round(difference_low ?? 0)).toBe(round(5 / 12 - half));
  expect(round(difference_high ?? 0)).toBe(round(5 / 12 + half));
  expect([revenue_per_user, revenue_per_conversion]).toEqual([7.5, 10]);
});

it('gives what a unit does after the next phase began to that phase alone', async () => {
  expect(
    await ask(
      `SELECT project_id, phase, variant, conversions, toFloat64(revenue) AS revenue, control_variant, p_value
       FROM experiment_performance WHERE experiment = 'price' AND (project_id = 2 OR phase = 2) ORDER BY ALL`,
    ),
  ).toEqual([
    // A project without definitions; without a control, the first by name is compared with.
    {
      project_id: 1,
      phase: 2,
      variant: 'treatment',
      conversions: 1,
      revenue: 40,
      control_variant: 'treatment',
      p_value: null,
    },
    {
      project_id: 2,
      phase: 1,
      variant: 'treatment',
      conversions: 1,
      revenue: 99,
      control_variant: 'treatment',
      p_value: null,
    },
  ]);
});

it('knows the events of a unit by the id that the experiment draws', async () => {
  expect(
    await ask(`SELECT experiment, unit, event_type, toFloat64(revenue) AS revenue, is_exposure, is_conversion, is_valid
      FROM experiment_events WHERE experiment LIKE 'by-%' ORDER BY experiment, timestamp`),
  ).toEqual(
    [
      ['by-group', 'acme', 2],
      ['by-seat', 'seat-7', 3],
      ['by-user', 'ada', 1],
    ].flatMap(([experiment, unit, revenue]) => {
      const of = { experiment, unit, is_valid: true };
      return [
        { ...of, event_type: '$exposure', revenue: 0, is_exposure: true, is_conversion: false },
        { ...of, event_type: 'order', revenue, is_exposure: false, is_conversion: true },
      ];
    }),
  );
});

it('marks what is valid, event by event', async () => {
  const rows = await ask<{ unit: string; event_type: string; ms: number; is_valid: boolean; n: number }>(
    `SELECT unit, event_type, toUnixTimestamp64Milli(timestamp) - ${START} AS ms, is_valid, count() AS n
     FROM experiment_events WHERE ${PRICE} AND unit IN ('c2', 'c3', 'c4') GROUP BY ALL ORDER BY unit, ms, event_type, is_valid`,
  );
  expect(rows.map(({ unit, event_type, ms, is_valid, n }) => [unit, event_type, ms, is_valid, n])).toEqual([
    ['c2', 'order', 9, false, 1],
    ['c2', '$exposure', 10, true, 1],
    ['c2', 'order', 10, false, 1],
    ['c3', '$exposure', 20, true, 1],
    ['c3', 'order', 20, false, 2],
    ['c3', 'order', 20, true, 1],
    ['c4', '$exposure', 30, true, 1],
    ['c4', 'order', DAY_MS, false, 1],
  ]);
});

it('shows the way of each unit, also of those that went nowhere', async () => {
  const journeys = await ask<{ unit: string }>(
    `SELECT unit, phase, variant, stage, exposures, events, page_views, sessions, touches, session_seconds, conversions,
       seconds_to_exposure, seconds_to_conversion FROM user_journey_analysis
     WHERE project_id = 1 AND experiment = 'price' ORDER BY phase, unit`,
  );
  expect(journeys.map(({ unit }) => unit).join(' ')).toBe('c1 c2 c3 c4 c5 c6 t1 t2 t3 t4 c1');
  expect(journeys[0]).toEqual({
    ...{
      unit: 'c1',
      phase: 1,
      variant: 'control',
      stage: 'converted',
      exposures: 1,
      events: 3,
      page_views: 1,
    },
    // The second session began after the first conversion; the first one lasted five seconds, the other none.
    ...{ sessions: 2, touches: 1, session_seconds: 2.5, conversions: 2, seconds_to_exposure: 0 },
    seconds_to_conversion: 5,
  });
  expect(journeys[3]).toMatchObject({ unit: 'c4', stage: 'exposed', events: 0, seconds_to_conversion: null });
  expect(journeys[4]).toMatchObject({ unit: 'c5', stage: 'engaged', events: 2, sessions: 0 });
  expect(journeys[5]).toMatchObject({ unit: 'c6', exposures: 3 });
  // Assigned in the phase before.
  expect(journeys[10]).toMatchObject({
    phase: 2,
    seconds_to_exposure: DAY_MS / 1000 + 1,
    seconds_to_conversion: 1,
  });
});

it('adds up by hour and day, at the borders of both', async () => {
  const days = await ask<Record<string, unknown>>(
    `SELECT toString(date) AS date, variant, exposures, new_users, users, events, conversions, converted_users,
       toFloat64(revenue) AS revenue FROM experiment_daily_stats WHERE ${PRICE} ORDER BY date, variant`,
  );
  const date = (ms: number) => new Date(START + ms).toISOString().slice(0, 10);
  expect(days).toEqual([
    {
      ...{ date: date(0), variant: 'control', exposures: 8, new_users: 6, users: 6 },
      ...{ events: 5, conversions: 2, converted_users: 2, revenue: 14 },
    },
    {
      ...{ date: date(0), variant: 'treatment', exposures: 4, new_users: 4, users: 4 },
      ...{ events: 4, conversions: 3, converted_users: 3, revenue: 30 },
    },
    {
      ...{ date: date(HOUR_MS), variant: 'control', exposures: 0, new_users: 0, users: 1 },
      ...{ events: 1, conversions: 1, converted_users: 1, revenue: 20 },
    },
  ]);
  const hours = await ask(
    `SELECT toUnixTimestamp(hour) * 1000 AS at, sum(conversions) AS n FROM experiment_hourly_stats
     WHERE ${PRICE} GROUP BY hour ORDER BY hour`,
  );
  expect(hours).toEqual([
    { at: START - HOUR_MS / 2, n: 5 },
    { at: START - HOUR_MS / 2 + 2 * HOUR_MS, n: 1 },
  ]);
});

const VIEWS = [
  'exposed_units',
  'experiment_performance',
  'user_experiment_stats',
  'user_journey_analysis',
  'experiment_hourly_stats',
  'experiment_daily_stats',
];
const everything = () => Promise.all(VIEWS.map((view) => ask(`SELECT * FROM ${view} ORDER BY ALL`)));

it('says the same of the same events in other batches, in the opposite order', async () => {
  const before = await everything();
  for (const table of ['events', 'exposures']) await engine.admin.command(`TRUNCATE TABLE ${table}`);
  for (let i = ROWS.length; i > 0; i -= 7) await insert(ROWS.slice(Math.max(0, i - 7), i).reverse());
  expect(await everything()).toEqual(before);
  await engine.admin.command('OPTIMIZE TABLE exposures FINAL');
  expect(await everything()).toEqual(before);
});

it('has nobody to compare before there are exposures, and says nothing false of one', async () => {
  for (const table of ['events', 'exposures']) await engine.admin.command(`TRUNCATE TABLE ${table}`);
  expect(await everything()).toEqual(VIEWS.map(() => []));
  await insert([expose('one', 'treatment', 0), expose('two', 'control', 0)]);
  expect(
    await ask(`SELECT variant, conversion_rate, lift, z_score, p_value, revenue_per_conversion
    FROM experiment_performance WHERE ${PRICE} ORDER BY variant`),
  ).toEqual([
    {
      variant: 'control',
      conversion_rate: 0,
      lift: null,
      z_score: null,
      p_value: null,
      revenue_per_conversion: null,
    },
    {
      variant: 'treatment',
      conversion_rate: 0,
      lift: null,
      z_score: null,
      p_value: null,
      revenue_per_conversion: null,
    },
  ]);
});
