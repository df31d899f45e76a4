import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import type { InsightAccess } from './insight-access.ts';
import { askInsight } from './insights.ts';

let engine: TestEngine;
let access: InsightAccess;

beforeAll(async () => {
  engine = await startTestEngine();
  access = { client: engine.reader, projectId: 1 };
  const at = Date.UTC(2026, 10, 1, 12);
  const rows = [
    makeEventRow(1, {
      event: 'bought',
      timestamp: at,
      properties: { plan: 'pro', nested: { deep: 'x' }, price: 5 },
    }),
    makeEventRow(2, { event: 'bought', timestamp: at, properties: { 'a.b': 'dot', price: '7.5', ok: true } }),
    makeEventRow(3, { event: 'bought', timestamp: at, is_bot: true }),
    makeEventRow(4, { event: 'secret', timestamp: at, project_id: 2, properties: { hidden: 1 } }),
  ];
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'rows' });
});
afterAll(() => engine.close());

const range = { from: '2026-11-01', to: '2026-11-02' };
const ask = async (rest: object) =>
  (await askInsight('trends', access, { range, series: [{}], ...rest })).result as {
    lines: { total: number; breakdown?: { value: string | null; other: boolean } }[];
  };
const count = async (where: object[]) => (await ask({ where })).lines[0]?.total;

describe('conditions', () => {
  it.each([
    ['properties.plan', 'is', 'pro', 1],
    ['properties.plan', 'is_not', 'pro', 1],
    ['properties.nested.deep', 'is', ['x', 'y'], 1],
    ['properties.a%2Eb', 'is', 'dot', 1],
    ['properties.price', 'gt', 4.5, 2],
    ['properties.price', 'gte', 7.5, 1],
    ['properties.price', 'is', 5, 1],
    ['properties.ok', 'is', true, 1],
    ['properties.plan', 'contains', 'PR', 1],
    ['properties.plan', 'not_contains', 'PR', 1],
    ['properties.plan', 'starts_with', ['p', 'q'], 1],
    ['properties.plan', 'ends_with', 'ro', 1],
    ['properties.plan', 'matches', '^p.o$', 1],
    ['properties.plan', 'not_matches', '^p.o$', 1],
    ['event', 'is', 'bought', 2],
    ['distinct_id', 'is', 'visitor-2', 1],
  ])('%s %s %j: %d', async (property, operator, value, expected) => {
    expect(await count([{ property, operator, value }])).toBe(expected);
  });

  it('has what is set, all of several, any of some', async () => {
    const set = (property: string) => ({ property, operator: 'is_set' });
    expect(await count([set('properties.plan')])).toBe(1);
    expect(await count([{ property: 'properties.plan', operator: 'is_not_set' }])).toBe(1);
    expect(await count([set('properties.plan'), set('properties.ok')])).toBe(0);
    expect(await count([{ any: [set('properties.plan'), set('properties.ok')] }])).toBe(2);
  });

  it('counts bots only when asked, and no other project', async () => {
    expect((await ask({})).lines[0]?.total).toBe(2);
    expect((await ask({ bots: true })).lines[0]?.total).toBe(3);
  });
});

describe('what is wrong with a question', () => {
  const property = (name: unknown, rest: object = { operator: 'is_set' }) => ({
    where: [{ property: name, ...rest }],
  });
  it.each([
    [{ range: { from: '2026-11-02', to: '2026-11-01' } }, '/range/to'],
    [{ range: { from: '2026-02-30', to: '2026-11-01' } }, '/range/from'],
    [{ range: { from: '2026-11-01' } }, '/range/to'],
    [{ timezone: 'Mars/Base' }, '/timezone'],
    [{ timezone: "UTC'" }, '/timezone'],
    [{ series: [] }, '/series'],
    [{ series: [{ evnt: 'a' }] }, '/series/0/evnt'],
    [{ series: [{ measure: 'sum' }] }, '/series/0/property'],
    [{ series: [{ measure: 'median' }] }, '/series/0/measure'],
    [{ formulas: [{ expression: 'A / C' }] }, '/formulas/0/expression'],
    [{ interval: '15 minutes', range: { from: '2020-01-01', to: '2026-01-01' } }, '/interval'],
    [property('nonsense'), '/where/0/property'],
    [property('properties.never_sent'), '/where/0/property'],
    [property('properties.hidden'), '/where/0/property'],
    [property('properties.plan.:String'), '/where/0/property'],
    [property('properties.^nested'), '/where/0/property'],
    [property('constructor'), '/where/0/property'],
    [property('properties.plan', { operator: 'matches', value: '(' }), '/where/0/value'],
    [property('properties.plan', { operator: 'gt', value: 'x' }), '/where/0/value'],
    [property('properties.plan', { operator: 'is' }), '/where/0/value'],
    [{ where: [{ any: [{ property: 'nonsense', operator: 'is_set' }] }] }, '/where/0/any/0/property'],
    [
      { segments: [{ name: 'a', where: [{ property: 'nonsense', operator: 'is_set' }] }] },
      '/segments/0/where/0/property',
    ],
    [{ breakdown: { property: 'nonsense' } }, '/breakdown/property'],
  ])('%j: %s', async (rest, field) => {
    await expect(ask(rest)).rejects.toMatchObject({ name: 'InsightError', code: 'invalid_question', field });
  });

  it.each([
    ['active-users', { activity: { evnt: 'a' } }, '/activity/evnt'],
    ['active-users', { activity: property('nonsense') }, '/activity/where/0/property'],
    ['active-users', { range: { from: '2010-01-01', to: '2026-01-01' } }, '/range'],
    ['lifecycle', { interval: 'fortnight' }, '/interval'],
    ['lifecycle', { range: { from: '2026-11-02', to: '2026-11-02' } }, '/range/to'],
    ['stickiness', { minimum: 0 }, '/minimum'],
    ['stickiness', { activity: { event: [] } }, '/activity/event'],
    ['sessions', { pages: 0 }, '/pages'],
    ['sessions', property('nonsense'), '/where/0/property'],
    ['sessions', { interval: 'hour', range: { from: '2020-01-01', to: '2026-01-01' } }, '/interval'],
    ['live', { range: undefined, minutes: 0 }, '/minutes'],
    ['live', {}, '/range'],
  ])('%s: %j: %s', async (name, rest, field) => {
    const question = JSON.parse(JSON.stringify({ range, ...rest }));
    await expect(askInsight(name, access, question)).rejects.toMatchObject({
      code: 'invalid_question',
      field,
    });
  });

  it('is not asked of an insight that there is none of', async () => {
    await expect(askInsight('toString', access, {})).rejects.toMatchObject({ code: 'unknown_insight' });
  });

  it('may be its type', async () => {
    for (const value of [null, 1, 'x', []])
      await expect(askInsight('trends', access, value)).rejects.toMatchObject({ code: 'invalid_question' });
  });
});

it('carries its SQL with the values apart, its definition, how fresh it is, and notices', async () => {
  const received = Date.UTC(2026, 10, 1, 13);
  const client = engine.reader;
  const answer = await askInsight(
    'trends',
    { client, projectId: 1, now: () => received },
    {
      range,
      series: [{ event: ['bought', 'nobody'] }],
      segments: [{ name: 'pros', where: [{ property: 'properties.plan', operator: 'is', value: 'pro' }] }],
    },
  );
  expect(answer.segments).toMatchObject([
    { name: 'pros', result: { lines: [{ key: 'A', total: 1, values: [1] }] } },
  ]);
  expect(answer.definition).toBe(
    'A: the number of bought or nobody, by day. From 2026-11-01 until before 2026-11-02, UTC; without bots.',
  );
  expect(answer.notices).toMatchObject([
    { code: 'unknown_event', message: expect.stringContaining('"nobody"') },
  ]);
  const [query] = answer.queries;
  expect(query?.sql).not.toContain('bought');
  expect(query?.params).toMatchObject({
    events: ['bought', 'nobody'],
    property: 'properties.plan',
    values: ['pro'],
  });
  expect(await client.query(query?.sql ?? '', { params: query?.params ?? {} })).toMatchObject([{}, {}]);
  expect(answer.freshness.newestEvent).toMatch(/^20\d\d-/);
});

describe('texts that are SQL', () => {
  const spec = JSON.parse(
    readFileSync(new URL('../../../../spec/sql-attacks.json', import.meta.url), 'utf8'),
  ) as { refused: { sql?: string; repeat?: [string, number, string] }[] };
  const attacks = [
    ...spec.refused.map(
      ({ sql, repeat: [text, times, rest] = ['', 0, ''] }) => sql ?? text.repeat(Math.min(times, 50)) + rest,
    ),
    "') OR 1=1 --",
    "x' OR '1'='1",
    '`; DROP TABLE events; --',
    '{project_id:UInt32}',
    '{{rows}}',
    '\\',
    "\\'",
    '\0',
    '\ud800',
    'a\tb\nc',
    'plan) OR (1',
    'plan`, (SELECT 1) AS `x',
    '*',
    "') UNION ALL SELECT 1",
  ]
    .map((text) => text.slice(0, 290))
    .filter((text) => text !== '');

  it('are values, wherever they stand', async () => {
    const refused = { code: 'invalid_question' };
    for (const text of attacks) {
      const known = { property: 'properties.plan', operator: 'is', value: text };
      expect((await ask({ where: [known], series: [{ event: text }, {}] })).lines[1]?.total).toBe(0);
      await expect(count([{ property: text, operator: 'is_set' }])).rejects.toMatchObject(refused);
      await expect(ask({ breakdown: { property: `properties.${text}` } })).rejects.toMatchObject(refused);
      await expect(ask({ timezone: text })).rejects.toMatchObject({ field: '/timezone' });
      await expect(ask({ range: { from: text, to: '2026-11-02' } })).rejects.toMatchObject({
        field: '/range/from',
      });
      await expect(ask({ formulas: [{ expression: text }] })).rejects.toMatchObject({
        field: '/formulas/0/expression',
      });
      await expect(askInsight(text, access, {})).rejects.toMatchObject({ code: 'unknown_insight' });
    }
    expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 4 }]);
  });
});

it('stops what runs over its time, and says so', async () => {
  const killed: string[] = [];
  const slow: InsightAccess = {
    ...access,
    client: {
      ...access.client,
      query: (_sql, options) =>
        access.client.query(
          'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1',
          options ?? {},
        ),
    },
    maxSeconds: 1,
    kill: async (id) => void killed.push(id),
  };
  await expect(askInsight('trends', slow, { range, series: [{}] })).rejects.toMatchObject({
    code: 'too_slow',
    status: 408,
  });
  expect(killed).toHaveLength(1);
});
