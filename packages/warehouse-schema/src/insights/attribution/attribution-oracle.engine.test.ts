import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import {
  convertingChance,
  type OraclePath,
  type OracleRow,
  oraclePaths,
  oracleWeights,
  shapleyByOrders,
} from '../testing/attribution-oracle.ts';
import { runAttribution } from './attribution.ts';
import type { AttributionQuestion } from './attribution-question.ts';
import { MODELS } from './models.ts';

const PEOPLE = 20_000;
const MOST_ROWS = 10;
const START = Date.UTC(2026, 2, 10);
const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const [LOOKBACK, GAP, HALF_LIFE, FROM] = [8000, 1000, 3000, 10_000];

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
  // Each person has up to ten rows at any of twenty moments, so that many share one; half of the range is look-back.
  await engine.admin.command(
    `INSERT INTO events (project_id, message_id, event, distinct_id, timestamp, received_at, utm_source, revenue, retention_days)
     SELECT 1, concat(toString(person), '-', toString(n)), if(r % 5 = 0, 'buy', '$page') AS event, toString(person),
       fromUnixTimestamp64Milli({start:Int64} + toInt64(intDiv(r, 5) % 20) * 1000) AS timestamp, timestamp,
       ['a', 'b', 'direct', 'c', ''][1 + toUInt32(sqrt(intDiv(r, 100) % 25))], toDecimal64(intDiv(r, 2500) % 1000, 4) / 100, 20000
     FROM (SELECT intDiv(number, ${MOST_ROWS}) AS person, number % ${MOST_ROWS} AS n, cityHash64(number, {seed:UInt64}) AS r
           FROM numbers(${PEOPLE * MOST_ROWS}))
     WHERE n <= cityHash64(person, {seed:UInt64}) % ${MOST_ROWS}`,
    { params: { start: START, seed: SEED }, settings: { max_block_size: 20_000, max_insert_threads: 1 } },
  );
});
afterAll(() => engine.close());

const QUESTION: AttributionQuestion = {
  range: { from: '2026-03-10T00:00:10', to: '2026-03-11' },
  conversion: { event: 'buy', property: 'revenue' },
  lookback: { value: LOOKBACK / 1000, unit: 'second' },
  halfLife: { value: HALF_LIFE / 1000, unit: 'second' },
  gap: { value: GAP / 1000, unit: 'second' },
};

it(`every model credits what counting by hand does, for ${PEOPLE} random people (MILLRACE_TEST_SEED=${SEED})`, async () => {
  const { result } = await runAttribution(
    { client: engine.reader, projectId: 1 },
    { ...QUESTION, property: 'utm_source' },
  );
  if (!result) throw new Error('no result');
  const names = result.channels.map(({ channel }) => channel);
  expect([...names].sort()).toEqual(['a', 'b', 'c', 'direct']);

  const paths = (await readPeople(names)).flatMap((rows) =>
    oraclePaths(rows, { from: FROM, lookback: LOOKBACK, gap: GAP }),
  );
  const conversions = paths.filter(({ converted }) => converted);
  const credited = conversions.filter(({ touches }) => touches.length > 0);
  const worth = (of: OraclePath[]) => of.reduce((sum, { value }) => sum + value, 0);
  const near = (value: number) => expect.closeTo(value, 5);
  expect(result).toMatchObject({
    conversions: conversions.length,
    value: near(worth(conversions)),
    unattributed: {
      conversions: conversions.length - credited.length,
      value: near(worth(conversions) - worth(credited)),
    },
  });

  const expected = countModels(names, paths, credited);
  for (const [index, channel] of result.channels.entries()) {
    for (const model of MODELS) {
      const [count, value] = expected.get(`${model} ${index}`) ?? [0, 0];
      expect({ model, index, ...channel.models[model] }).toEqual({
        model,
        index,
        conversions: near(count),
        value: near(value),
      });
    }
  }
  // In whole millionths, since sums of doubles have noise.
  const millionths = (value = 0) => Math.round(value * 1e6);
  for (const model of MODELS) {
    const sum = (of: 'conversions' | 'value') =>
      result.channels.reduce((total, { models }) => total + millionths(models[model][of]), 0);
    expect(sum('conversions')).toBe(credited.length * 1e6);
    expect(sum('value')).toBe(millionths(result.value) - millionths(result.unattributed.value));
  }
});

it.each([20, 2])('rules answer what the property does, with up to %i channels apart', async (limit) => {
  const access = { client: engine.reader, projectId: 1 };
  const channels = ['none of these', 'direct', 'c', 'b', 'a'].map((name) => ({
    name,
    where: [{ property: 'utm_source', operator: 'is' as const, value: name }],
  }));
  const byProperty = await runAttribution(access, { ...QUESTION, limit, property: 'utm_source' });
  const byRules = await runAttribution(access, { ...QUESTION, limit, channels });
  expect(byRules.result?.channels).toHaveLength(limit === 2 ? 3 : 4);
  expect(byRules.result).toEqual(nearly(byProperty.result));
});

/** The same, but for the noise of sums of doubles. */
function nearly(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 4);
  if (Array.isArray(value)) return value.map(nearly);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nearly(inner)]));
}

async function readPeople(names: (string | null)[]): Promise<OracleRow[][]> {
  const rows = await engine.admin.query<{
    person: string;
    time: number;
    event: string;
    source: string;
    revenue: number;
  }>(
    `SELECT distinct_id AS person, toUnixTimestamp64Milli(timestamp) - {start:Int64} AS time, event,
       utm_source AS source, toFloat64(revenue) AS revenue FROM events`,
    { params: { start: START } },
  );
  const people = new Map(rows.map(({ person }) => [person, [] as typeof rows]));
  for (const row of rows) people.get(row.person)?.push(row);
  return [...people.values()].map((ofPerson) =>
    ofPerson.flatMap(({ time, event, source, revenue }): OracleRow[] => {
      if (event === 'buy') return [{ time, value: revenue }];
      return source === '' ? [] : [{ time, channel: names.indexOf(source) }];
    }),
  );
}

/** By model and channel: conversions and value. */
function countModels(names: (string | null)[], paths: OraclePath[], credited: OraclePath[]) {
  const sums = new Map<string, [number, number]>();
  const add = (model: string, channel: number, count: number, value: number) => {
    const [counts, values] = sums.get(`${model} ${channel}`) ?? [0, 0];
    sums.set(`${model} ${channel}`, [counts + count, values + value]);
  };
  for (const path of credited)
    for (const [model, weights] of Object.entries(oracleWeights(path, HALF_LIFE, names.indexOf('direct'))))
      for (const [index, { channel }] of path.touches.entries())
        add(model, channel, weights[index] ?? 0, (weights[index] ?? 0) * path.value);

  const players = [...names.keys()];
  const all = convertingChance(paths, undefined);
  const effects = players.map((channel) => 1 - convertingChance(paths, channel) / all);
  const sum = effects.reduce((a, b) => a + b, 0);
  const total = credited.reduce((value, path) => value + path.value, 0);
  for (const [channel, effect] of effects.entries())
    add('markov', channel, (credited.length * effect) / sum, (total * effect) / sum);

  const within = (coalition: Set<number>) =>
    credited.filter(({ touches }) => touches.every(({ channel }) => coalition.has(channel)));
  const counts = shapleyByOrders(players, (coalition) => within(coalition).length);
  const values = shapleyByOrders(players, (coalition) =>
    within(coalition).reduce((value, path) => value + path.value, 0),
  );
  for (const channel of players) add('shapley', channel, counts.get(channel) ?? 0, values.get(channel) ?? 0);
  return sums;
}
