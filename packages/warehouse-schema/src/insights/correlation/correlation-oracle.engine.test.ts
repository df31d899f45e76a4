import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { funnelOracle } from '../testing/funnel-oracle.ts';
import { type Correlate, runFunnelCorrelation } from './correlation.ts';
import type { CorrelationQuestion } from './correlation-question.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 9;
const START = Date.UTC(2026, 2, 10);
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));

interface Row {
  person: string;
  time: number;
  event: string;
  path: string;
}

let engine: TestEngine;
let people: Row[][];

beforeAll(async () => {
  engine = await startTestEngine();
  // Whose number is divisible by 3 often does d, and then rarely b.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, path, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)),
       if(person % 3 = 0 AND r % 5 = 0, 'd', ['a', 'a', 'b', 'c', 'x', 'y'][1 + r % 6]) AS event, toString(person),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 30) % 20) * 1000) AS timestamp, timestamp,
       if(event = 'c', 'p', ['p', 'q', '', concat('rare-', toString(r % 150))][1 + intDiv(r, 600) % 4]), 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  const rows = await engine.admin.query<Row>(
    'SELECT distinct_id AS person, toUnixTimestamp64Milli(timestamp) - {start:Int64} AS time, event, path FROM events',
    { params: { start: START } },
  );
  const byPerson = new Map<string, Row[]>();
  for (const row of rows) byPerson.set(row.person, [...(byPerson.get(row.person) ?? []), row]);
  people = [...byPerson.values()];
});
afterAll(() => engine.close());

const range = { from: '2026-03-10', to: '2026-03-10T00:00:12' };
const window = { value: 6, unit: 'second' as const };
const kinds: [string, Omit<CorrelationQuestion, 'range'>][] = [
  ['events', { steps: [{ event: 'a' }, { event: 'b' }] }],
  ['events and values', { steps: [{ event: 'a' }, { event: 'b' }], properties: ['path'], exclude: ['y'] }],
  [
    'values alone',
    { steps: [{ event: 'a' }, { event: 'b' }], properties: ['path'], events: false, minimum: 3 },
  ],
  ['later steps', { steps: [{ event: 'a' }, { event: 'b' }, { event: 'a' }], from: 2 }],
  [
    'not the last step',
    { steps: [{ event: 'a' }, { event: 'b' }, { event: 'a' }], to: 2, properties: ['path'] },
  ],
  ['an exclusion', { steps: [{ event: 'a' }, { event: 'b' }], exclusions: [{ event: 'x' }], minimum: 1 }],
];

interface Found {
  with: { converted: Set<number>; dropped: Set<number> };
}

describe(`of ${PEOPLE} random people it is counted and tested as by hand (MILLRACE_TEST_SEED=${SEED})`, () => {
  it.each(kinds)('%s', async (_name, fields) => {
    const question = { range, window, minimum: 10, limit: 1000, ...fields };
    const { result } = await runFunnelCorrelation({ client: engine.reader, projectId: 1 }, question);
    const right = byHand(question);
    expect(result?.people).toEqual(right.people);
    expect(right.people.converted).toBeGreaterThan(0);
    const shown = [...(result?.conversion ?? []), ...(result?.dropOff ?? [])];
    expect(result?.tested).toBe(right.factors.length);
    expect(new Map(shown.map((one) => [nameOf(one), [one.converted, one.dropped]]))).toEqual(
      new Map(right.factors.map(({ name, converted, dropped }) => [name, [converted, dropped]])),
    );
    const tests = right.factors.map((factor) => ({ ...factor, p: twoSided(factor, right.people) }));
    for (const one of shown) {
      const p = tests.find(({ name }) => name === nameOf(one))?.p ?? Number.NaN;
      expect(Math.abs(one.p - p) / p, `${nameOf(one)}: ${one.p}, by hand ${p}`).toBeLessThan(1e-4);
      const adjusted = Math.min(
        1,
        ...tests
          .filter((other) => other.p >= p * (1 - 1e-9))
          .map((other) => {
            const place = tests.filter((third) => third.p <= other.p * (1 + 1e-9)).length;
            return (other.p * tests.length) / place;
          }),
      );
      expect(Math.abs(one.adjustedP - adjusted) / adjusted, nameOf(one)).toBeLessThan(1e-4);
      expect(one.significant).toBe(one.adjustedP <= 0.05);
      expect(one.interval[0]).toBeLessThan(one.oddsRatio);
      expect(one.interval[1]).toBeGreaterThan(one.oddsRatio);
    }
  });
});

it(`finds what was put in: d goes with dropping off (MILLRACE_TEST_SEED=${SEED})`, async () => {
  const question = { range, window, steps: [{ event: 'a' }, { event: 'b' }] };
  const { result } = await runFunnelCorrelation({ client: engine.reader, projectId: 1 }, question);
  const d = result?.dropOff.find(({ event }) => event === 'd');
  expect(d).toMatchObject({ significant: true });
  expect(d?.lift).toBeLessThan(1);
});

it.each([
  [{ order: 'unordered' }, '/order'],
  [{ to: 1 }, '/to'],
  [{ from: 3 }, '/from'],
  [{ events: false }, '/properties'],
  [{ events: false, properties: ['path'], exclude: ['a'] }, '/exclude'],
  [{ properties: ['pth'] }, '/properties/0'],
  [{ properties: ['properties.none'] }, '/properties/0'],
  [{ minimum: 0 }, '/minimum'],
])('refuses %j, and names the field', async (fields, field) => {
  const question = { range, steps: [{ event: 'a' }, { event: 'b' }], ...fields } as CorrelationQuestion;
  await expect(runFunnelCorrelation({ client: engine.reader, projectId: 1 }, question)).rejects.toMatchObject(
    {
      code: 'invalid_question',
      field,
    },
  );
});

const nameOf = ({ event, property, value }: Correlate) =>
  event === undefined ? `${property}=${value}` : event;

type Asked = Omit<CorrelationQuestion, 'range'>;

/** Person by person, row by row. */
function byHand(question: Asked) {
  const found = new Map<string, Found>();
  const totals = { converted: 0, dropped: 0 };
  for (const [index, rows] of people.entries()) {
    const way = wayOf(rows, question);
    if (!way) continue;
    totals[way.kind]++;
    const names = rows
      .filter(({ time }) => time >= way.entered && time < way.until)
      .flatMap((row) => namesOf(row, question));
    for (const name of names) {
      const one = found.get(name) ?? { with: { converted: new Set(), dropped: new Set() } };
      one.with[way.kind].add(index);
      found.set(name, one);
    }
  }
  const factors = [...found].flatMap(
    ([
      name,
      {
        with: { converted, dropped },
      },
    ]) =>
      converted.size + dropped.size < (question.minimum ?? 10)
        ? []
        : [{ name, converted: converted.size, dropped: dropped.size }],
  );
  return { people: totals, factors };
}

/** Whether someone who did the first of the two steps went on, and the time between. */
function wayOf(rows: Row[], { steps, exclusions = [], from = 1, to = steps.length }: Asked) {
  const seen = rows.map((row) => ({
    time: row.time,
    steps: steps.map(({ event }) => row.event === event),
    exclusions: exclusions.map(({ event }) => row.event === event),
  }));
  const { level, times } = funnelOracle(seen, {
    order: 'ordered',
    stepCount: steps.length,
    window: 6000,
    within: [],
    exclusions: exclusions.map(() => ({ after: 1, before: steps.length })),
    entryEnd: 12_000,
  });
  if (level < from) return undefined;
  const converts = level >= to;
  return {
    kind: converts ? ('converted' as const) : ('dropped' as const),
    entered: times[from - 1] ?? 0,
    until: converts ? (times[to - 1] ?? 0) : (times[0] ?? 0) + 6001,
  };
}

/** What a row says of its person. */
function namesOf(row: Row, { steps, events = true, exclude = [], properties = [] }: Asked): string[] {
  const isLeft = exclude.includes(row.event) || steps.some(({ event }) => event === row.event);
  return [
    ...(events && !isLeft ? [row.event] : []),
    ...(properties.length > 0 && row.path !== '' ? [`path=${row.path}`] : []),
  ];
}

/** Fisher's exact test by going through all tables, or the chi-square test by integrating the normal density. */
function twoSided(
  { converted: a, dropped: b }: { converted: number; dropped: number },
  all: { converted: number; dropped: number },
): number {
  const [c, d] = [all.converted - a, all.dropped - b];
  const n = a + b + c + d;
  if ((Math.min(a + b, c + d) * Math.min(a + c, b + d)) / n < 5) {
    const probability = (k: number) =>
      Math.exp(choose(a + c, k) + choose(b + d, a + b - k) - choose(n, a + b));
    const tables = Array.from({ length: a + b + 1 }, (_, k) => k).filter(
      (k) => k <= a + c && a + b - k <= b + d,
    );
    const own = probability(a);
    return Math.min(
      1,
      tables.map(probability).reduce((sum, one) => (one <= own * (1 + 1e-7) ? sum + one : sum), 0),
    );
  }
  const squared = (n * (a * d - b * c) ** 2) / ((a + b) * (c + d) * (a + c) * (b + d));
  const z = Math.sqrt(squared);
  const [steps, width] = [20_000, 10 / 20_000];
  let area = 0;
  for (let step = 0; step <= steps; step++) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 0 ? 2 : 4;
    area += weight * Math.exp(-((z + step * width) ** 2) / 2);
  }
  return (2 * ((area * width) / 3)) / Math.sqrt(2 * Math.PI);
}

const factorials: number[] = [0];
function choose(n: number, k: number): number {
  for (let m = factorials.length; m <= n; m++) factorials.push((factorials[m - 1] ?? 0) + Math.log(m));
  return (factorials[n] ?? 0) - (factorials[k] ?? 0) - (factorials[n - k] ?? 0);
}
