import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import type { EventChoice } from '../question/question-schema.ts';
import { readScope } from '../scope.ts';
import { renderSql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { funnelOracle, type OracleAnswer, type OracleFunnel } from '../testing/funnel-oracle.ts';
import { planFunnel } from './funnel-plan.ts';
import type { FunnelFields } from './funnel-question.ts';
import { peopleSql } from './people-sql.ts';

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
let people: Map<string, Row[]>;

beforeAll(async () => {
  engine = await startTestEngine();
  // Each person has up to nine rows at any of twelve moments, so that many share one.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, path, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)), ['a', 'b', 'c', 'x'][1 + r % 4] AS event, toString(person),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 4) % 12) * 1000) AS timestamp, timestamp,
       ['p', 'q', ''][1 + intDiv(r, 48) % 3], 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
  const rows = await engine.admin.query<Row>(
    'SELECT distinct_id AS person, toUnixTimestamp64Milli(timestamp) - {start:Int64} AS time, event, path FROM events',
    { params: { start: START } },
  );
  people = new Map(rows.map(({ person }) => [person, []]));
  for (const row of rows) people.get(row.person)?.push(row);
});
afterAll(() => engine.close());

const a = { event: 'a' };
const b = { event: 'b' };
const c = { event: 'c' };
const onP: EventChoice = { where: [{ property: 'path', operator: 'is', value: 'p' }] };
const aOnP = { ...a, ...onP };
const bOrC = { event: ['b', 'c'] };
const x = { event: 'x' };
const seconds = (value: number) => ({ value, unit: 'second' as const });

const kinds: [string, Pick<FunnelFields, 'steps'> & Partial<FunnelFields>][] = [
  ['a b c', { steps: [a, b, c] }],
  ['a a b', { steps: [a, a, b] }],
  ['a a', { steps: [a, a] }],
  ['a b a', { steps: [a, b, a] }],
  ['a a a', { steps: [a, a, a] }],
  ['a b b c', { steps: [a, b, b, c] }],
  ['overlapping conditions', { steps: [{}, onP, aOnP] }],
  ['overlapping in chains', { steps: [aOnP, { event: ['a', 'b'] }, bOrC, onP] }],
  ['windows of steps', { steps: [a, { ...b, within: seconds(2) }, { ...c, within: seconds(3) }] }],
  ['windows of repeated steps', { steps: [a, { ...onP, within: seconds(1) }, { ...a, within: seconds(2) }] }],
  ['strict a b c', { order: 'strict', steps: [a, b, c] }],
  ['strict a a b', { order: 'strict', steps: [a, a, b] }],
  ['strict overlapping', { order: 'strict', steps: [onP, bOrC, { event: ['a', 'c'] }] }],
  ['unordered a b c', { order: 'unordered', steps: [a, b, c] }],
  ['unordered a a b', { order: 'unordered', steps: [a, a, b] }],
  ['unordered overlapping', { order: 'unordered', steps: [onP, aOnP, bOrC, {}] }],
  ['exclusion between 1 and 2', { steps: [a, b, c], exclusions: [{ ...x, after: 1, before: 2 }] }],
  ['exclusion between 1 and 3', { steps: [a, b, c], exclusions: [{ ...x, after: 1, before: 3 }] }],
  [
    'two exclusions',
    {
      steps: [a, b, c],
      exclusions: [
        { ...x, after: 1, before: 2 },
        { ...a, after: 2, before: 3 },
      ],
    },
  ],
  [
    'exclusions, repeated steps',
    {
      steps: [a, a, b],
      exclusions: [
        { ...onP, after: 1, before: 3 },
        { ...x, after: 2, before: 3 },
      ],
    },
  ],
  [
    'strict, an exclusion between 1 and 2',
    { order: 'strict', steps: [a, b, c], exclusions: [{ ...x, after: 1, before: 2 }] },
  ],
  ['strict, an exclusion over all steps', { order: 'strict', steps: [a, b, c], exclusions: [x] }],
  [
    'strict, exclusions that are steps',
    {
      order: 'strict',
      steps: [a, bOrC, onP],
      exclusions: [
        { ...b, after: 1, before: 3 },
        { ...x, after: 2, before: 3 },
      ],
    },
  ],
  [
    'strict, repeated steps and an exclusion',
    { order: 'strict', steps: [a, a, b], exclusions: [{ ...onP, after: 2, before: 3 }] },
  ],
  [
    'strict, windows of steps',
    { order: 'strict', steps: [a, { ...b, within: seconds(2) }, { ...c, within: seconds(1) }] },
  ],
  [
    'strict, windows of steps and an exclusion',
    {
      order: 'strict',
      steps: [onP, { ...bOrC, within: seconds(2) }, a],
      exclusions: [{ ...x, after: 1, before: 2 }],
    },
  ],
  ['unordered, an exclusion', { order: 'unordered', steps: [a, b, c], exclusions: [x] }],
  ['unordered, an exclusion that is a step', { order: 'unordered', steps: [a, bOrC, onP], exclusions: [b] }],
  [
    'unordered, repeated steps and exclusions',
    { order: 'unordered', steps: [a, a, b], exclusions: [x, { ...c, ...onP }] },
  ],
  ['unordered, two steps and an exclusion', { order: 'unordered', steps: [a, b], exclusions: [c] }],
  ['an exclusion that is a step', { steps: [a, bOrC, onP], exclusions: [{ ...b, after: 1, before: 3 }] }],
];

describe(`every one of ${PEOPLE} random people is where trying every chain puts them (MILLRACE_TEST_SEED=${SEED})`, () => {
  it.each(kinds)('%s', async (_name, fields) => {
    const question = {
      window: seconds(5),
      ...fields,
      range: { from: '2026-03-10', to: '2026-03-10T00:00:09' },
    };
    const plan = planFunnel(question);
    const scope = readScope(question, 1);
    const isOf = ({ event, where }: EventChoice, row: Row) =>
      (event === undefined || [event].flat().includes(row.event)) &&
      (where === undefined || row.path === 'p');
    const funnel: OracleFunnel = {
      order: plan.order,
      stepCount: plan.steps.length,
      window: plan.windowMs,
      within: plan.steps.map(({ withinMs }) => withinMs),
      exclusions: plan.exclusions,
      entryEnd: 9000,
    };
    const person = sqlFile('person-name');
    const expected = new Map<string, OracleAnswer>();
    for (const [name, rows] of people) {
      const seen = rows.map((row) => ({
        time: row.time,
        steps: plan.steps.map(({ choice }) => isOf(choice, row)),
        exclusions: plan.exclusions.map(({ choice }) => isOf(choice, row)),
      }));
      expected.set(name, funnelOracle(seen, funnel));
    }
    if (plan.exclusions.length > 0)
      expect([...expected.values()].some(({ excluded }) => excluded)).toBe(true);
    for (const [withTimes, thinAbove] of [
      [true, undefined],
      [true, 0],
      [false, undefined],
      [false, 0],
    ] as const) {
      const { sql, params } = renderSql(peopleSql(plan, scope, { withTimes, person }));
      const again = !withTimes && sql === renderSql(peopleSql(plan, scope, { withTimes: true, person })).sql;
      if (again) continue;
      if (thinAbove !== undefined && !('thin_above' in params)) continue;
      const answers = await engine.admin.query<OracleAnswer & { person: string }>(
        `SELECT person, level, arrayMap(t -> t - {start:Int64}, times) AS times, excluded FROM (${sql})`,
        {
          params: { ...params, ...(thinAbove !== undefined && { thin_above: thinAbove }), start: START },
        },
      );
      const found = new Map(answers.map((answer) => [answer.person, answer]));
      const wrong = [...expected].flatMap(([name, right]) => {
        const { level = 0, times = [], excluded = false } = found.get(name) ?? {};
        const same =
          level === right.level &&
          Boolean(excluded) === right.excluded &&
          (!withTimes || level === 0 || JSON.stringify(times) === JSON.stringify(right.times));
        return same ? [] : [{ name, right, got: { level, times, excluded }, rows: people.get(name) }];
      });
      expect({ wrong: wrong.length, first: wrong[0] }).toEqual({ wrong: 0, first: undefined });
      expect(new Set(answers.map(({ level }) => level)).size).toBeGreaterThan(1);
    }
  });
});
