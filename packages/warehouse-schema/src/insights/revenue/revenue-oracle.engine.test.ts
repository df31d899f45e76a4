import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { askInsight } from '../insights.ts';
import { runLtv } from './ltv.ts';
import { runRevenue } from './revenue.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 8;
const START = Date.UTC(2026, 9, 20);
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const ZONE = 'Europe/Berlin';
const DAYS = ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27'];
const PERIODS = 3;

interface Row {
  person: string;
  /** Its day by the clock of the zone. */
  day: string;
  cents: number;
}

let engine: TestEngine;
let people: Row[][];

// Up to eight rows of a person within ten days, some of nothing, some given back; the clock changes on 25 October.
beforeAll(async () => {
  engine = await startTestEngine();
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, revenue, currency, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)), 'any', toString(person),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(r % 240) * 3600000) AS timestamp, timestamp,
       toDecimal64(greatest(toInt64(intDiv(r, 240) % 500) - 100, -50), 4) / 100, 'EUR', 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  const rows = await engine.admin.query<{ person: string; time: number; revenue: number }>(
    `SELECT distinct_id AS person, toUnixTimestamp64Milli(timestamp) AS time, toFloat64(revenue) AS revenue
     FROM events ORDER BY timestamp`,
  );
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE });
  const found = new Map<string, Row[]>();
  for (const { person, time, revenue } of rows) {
    const row = { person, day: format.format(time), cents: Math.round(revenue * 100) };
    found.set(person, [...(found.get(person) ?? []), row]);
  }
  people = [...found.values()];
});
afterAll(() => engine.close());

const access = () => ({ client: engine.reader, projectId: 1, now: () => Date.UTC(2026, 11, 1) });
const question = {
  range: { from: '2026-10-23', to: '2026-10-28' },
  timezone: ZONE,
  interval: 'day' as const,
};
const sum = (rows: Row[]) => rows.reduce((cents, row) => cents + row.cents, 0) / 100;

describe(`as counting by hand does for ${PEOPLE} random people (MILLRACE_TEST_SEED=${SEED})`, () => {
  it('revenue, orders and buyers of each day', async () => {
    const { result, notices } = await runRevenue(access(), question);
    const of = (days: string[]) => people.flat().filter(({ day }) => days.includes(day));
    const orders = (days: string[]) => of(days).filter(({ cents }) => cents > 0);
    const buyers = (days: string[]) => new Set(orders(days).map(({ person }) => person)).size;
    const lines = (count: (days: string[]) => number) => ({
      values: DAYS.map((day) => count([day])),
      total: count(DAYS),
    });
    expect(notices).toEqual([]);
    expect(result?.groups).toEqual([
      {
        revenue: lines((days) => sum(of(days))),
        orders: lines((days) => orders(days).length),
        buyers: lines(buyers),
        perOrder: lines((days) => sum(of(days)) / orders(days).length),
        perBuyer: lines((days) => sum(of(days)) / buyers(days)),
      },
    ]);
  });

  it.each(['first_purchase', 'first_seen'] as const)('cohorts by %s', async (cohort) => {
    const { result } = await runLtv(access(), { ...question, cohort, periods: PERIODS });
    const firstOf = (rows: Row[]) => rows.find(({ cents }) => cohort === 'first_seen' || cents > 0)?.day;
    const expected = DAYS.map((day) => {
      const ofCohort = people.filter((rows) => firstOf(rows) === day);
      return {
        people: ofCohort.length,
        revenue: Array.from({ length: PERIODS + 1 }, (_, period) =>
          sum(ofCohort.flat().filter((row) => row.day >= day && row.day <= dayAfter(day, period))),
        ),
      };
    });
    const found = result?.cohorts.map(({ people: count, periods }) => ({
      people: count,
      revenue: periods.map(({ revenue }) => revenue),
    }));
    expect(found).toEqual(expected);
  });
});

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

it('says so where currencies were added up', async () => {
  const row = (id: string, currency: string) =>
    `(2, '${id}', 'buy', 'ann', '2026-10-23 12:00:00', 1, '${currency}', 20000)`;
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, revenue, currency, retention_days)
     VALUES ${row('1', 'EUR')}, ${row('2', 'NPR')}`,
  );
  const notices = async (insight: string, more: object = {}) =>
    (await askInsight(insight, { ...access(), projectId: 2 }, { ...question, ...more })).notices;
  const said = [{ code: 'several_currencies', message: expect.stringContaining('EUR, NPR') }];
  expect(await notices('revenue')).toEqual(said);
  expect(await notices('ltv')).toEqual(said);
  expect(await notices('revenue', { breakdown: { property: 'currency' } })).toEqual([]);
});

it.each<[string, object, string]>([
  ['revenue', { property: 'revenues' }, '/property'],
  ['revenue', { orders: { where: [{ property: 'path', operator: 'is' }] } }, '/orders/where/0/value'],
  ['revenue', { interval: 'decade' }, '/interval'],
  ['ltv', { cohort: 'last' }, '/cohort'],
  ['ltv', { periods: 0 }, '/periods'],
  ['ltv', { range: { from: '2020-01-01', to: '2026-01-01' } }, '/interval'],
  ['ltv', { orders: { where: [{ property: 'pat', operator: 'is', value: 1 }] } }, '/orders/where/0/property'],
])('%s of %j says that the fault is in %s', async (insight, more, field) => {
  await expect(askInsight(insight, access(), { ...question, ...more })).rejects.toMatchObject({
    code: 'invalid_question',
    field,
  });
});
