import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { encodeRows, makeEventRow } from '../../testing/make-event-row.ts';
import { seededRandom } from '../../testing/seeded-random.ts';
import { askInsight } from '../insights.ts';
import { runDataQuality } from './data-quality.ts';
import type { DataQualityQuestion } from './data-quality-question.ts';
import { DAY, FROM, HOUR, NOW, type ShopRow, shopRows } from './testing/shop-rows.ts';

const SEED = Number(process.env.MILLRACE_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const RANGE = { from: '2026-10-26', to: '2026-11-02' };

let engine: TestEngine;
const ask = async (projectId: number, question: DataQualityQuestion) => {
  const { result, notices } = await runDataQuality(
    { client: engine.reader, projectId, now: () => NOW },
    question,
  );
  if (!result) throw new Error('no result');
  return { ...result, notices };
};

let rows: ShopRow[];
beforeAll(async () => {
  engine = await startTestEngine();
  rows = shopRows(seededRandom(SEED));
  rows.push(
    ...Array.from({ length: 40 }, (_, n): ShopRow => ({ event: 'gone', timestamp: FROM - DAY + n * 1000 })),
    ...Array.from({ length: 4 }, (_, n): ShopRow => ({ event: 'came', timestamp: FROM + DAY + n * 1000 })),
    { event: 'came', timestamp: FROM + DAY, late: true },
    { event: 'came', timestamp: FROM + DAY, clock_clamped: true },
    { event: 'came', timestamp: FROM + DAY, is_bot: true, bot_reasons: ['user_agent', 'headless'] },
    {
      event: '$sdk_losses',
      timestamp: FROM + DAY,
      library: 'web',
      library_version: '2.0.0',
      properties: { queue_full: 7, expired: 2 },
    },
    {
      event: '$sdk_losses',
      timestamp: FROM + DAY,
      library: 'web',
      library_version: '2.0.0',
      properties: { queue_full: 3, other: 'x' },
    },
  );
  const all = rows.map((row, n) =>
    makeEventRow(n, { retention_days: 20_000, received_at: row.timestamp, ...row }),
  );
  for (let n = 0; n < all.length; n += 10_000) {
    await engine.admin.insertRows('events', encodeRows(all.slice(n, n + 10_000)), { token: `rows-${n}` });
  }
});
afterAll(() => engine.close());

it(`finds the gap and the spike, and nothing else, by the clock of the time zone (MILLRACE_TEST_SEED=${SEED})`, async () => {
  const { volume } = await ask(1, { range: RANGE, timezone: 'Europe/Berlin', checks: ['volume'] });
  expect(volume?.until).toBe('2026-11-02T00:00:00+01:00');
  const [overall, first, ...others] = volume?.series ?? [];
  for (const series of [overall, first]) {
    expect(series).toMatchObject({
      state: 'judged',
      season: 'hour_of_week',
      gaps: [{ start: '2026-10-28T10:00:00+01:00', end: '2026-10-28T15:00:00+01:00' }],
      anomalies: [{ start: '2026-10-30T12:00:00+01:00', direction: 'high' }],
    });
  }
  expect([overall?.event, first?.event]).toEqual([null, 'view']);
  expect(others.map(({ event, state, anomalies }) => [event, state, anomalies.length])).toEqual([
    ['$sdk_losses', 'young', 0],
    ['came', 'young', 0],
    ['gone', 'young', 0],
  ]);
  const daily = await ask(1, {
    range: RANGE,
    timezone: 'Europe/Berlin',
    checks: ['volume'],
    interval: 'day',
    event: 'view',
  });
  expect(daily.volume?.series[1]).toMatchObject({
    season: 'weekday',
    anomalies: [{ direction: 'low' }],
    gaps: [],
  });
});

it('says how fresh events are, beside the pauses they had before, and how long they are under way', async () => {
  const { freshness } = await ask(1, { range: RANGE, checks: ['freshness'] });
  const newest = Math.max(...rows.filter(({ event }) => event === 'view').map((row) => row.received_at ?? 0));
  const view = freshness?.events.find(({ event }) => event === 'view');
  expect(view).toMatchObject({
    newest: `${new Date(newest).toISOString().slice(0, 19)}+00:00`,
    sinceMs: NOW - newest,
    state: 'ok',
  });
  expect(view?.longestGapMs).toBeGreaterThan(5 * HOUR);
  expect(view?.delivery?.p50).toBeGreaterThan(1980);
  expect(view?.delivery?.p99).toBeLessThan(2020);
  expect(Math.abs((view?.load?.p95 ?? 0) - 500)).toBeLessThanOrEqual(5);
  expect(freshness?.events.find(({ event }) => event === 'gone')).toMatchObject({
    state: 'unknown',
    load: null,
  });
  const later = await runDataQuality(
    { client: engine.reader, projectId: 1, now: () => NOW + 3 * DAY },
    { checks: ['freshness'], event: 'view' },
  );
  expect(later.result?.freshness?.overall.state).toBe('late');
});

it('compares the shape of events with the week before, and says what is new, gone or of another type', async () => {
  const { schema, completeness } = await ask(1, { range: RANGE, checks: ['schema', 'completeness'] });
  const both = { now: expect.any(Number), before: expect.any(Number) };
  expect(schema).toEqual({
    newEvents: [
      { event: 'came', rows: 6 },
      { event: '$sdk_losses', rows: 2 },
    ],
    vanishedEvents: [{ event: 'gone', rowsBefore: 40 }],
    newProperties: [{ event: 'view', property: 'fresh', share: { now: 1, before: 0 } }],
    vanishedProperties: [{ event: 'view', property: 'old', share: { now: 0, before: 1 } }],
    changedTypes: [
      {
        event: 'view',
        property: 'price',
        types: { text: { now: 1, before: 0 }, number: { now: 0, before: 1 } },
      },
    ],
  });
  const views = rows.filter(({ event, timestamp }) => event === 'view' && timestamp >= FROM);
  const withUser = views.filter(({ user_id }) => user_id !== '').length;
  const found = completeness?.events.find(({ event }) => event === 'view');
  expect(found?.rows.now).toBe(views.length);
  expect(found?.columns.user_id).toEqual({ now: Number((withUser / views.length).toFixed(4)), before: 1 });
  expect(found?.properties).toMatchObject({
    amount: { now: 1, before: 1 },
    product_id: { now: 1, before: 1 },
    old: both,
  });
  expect(completeness?.libraries).toContainEqual(
    expect.objectContaining({ library: 'web', version: '2.0.0', rows: { now: views.length + 2, before: 0 } }),
  );
});

it('counts marks, bots and reported losses', async () => {
  const { marks, losses } = await ask(1, { range: RANGE, checks: ['marks', 'losses'] });
  const came = { event: 'came', rows: 7, late: 1, clockClamped: 1, bots: 1 };
  expect(marks?.events).toContainEqual(came);
  expect(marks?.overall).toMatchObject({ late: 1, clockClamped: 1, bots: 1 });
  expect(marks?.botReasons).toEqual([
    { reason: 'headless', rows: 1 },
    { reason: 'user_agent', rows: 1 },
  ]);
  const web = { library: 'web', version: '2.0.0' };
  expect(losses).toEqual([
    { ...web, reason: 'queue_full', events: 10 },
    { ...web, reason: 'expired', events: 2 },
  ]);
});

it('counts refusals and repetitions once, however often the log or the loader names them', async () => {
  const refused = (n: number, over: object) => ({
    project_id: 2,
    message_id: `m${n}`,
    reason: 'invalid_event',
    field: 'event',
    detail: 'expected a name',
    received_at: FROM + n * HOUR,
    payload: 'x'.repeat(900),
    retention_days: 20_000,
    log_id: 'log',
    log_offset: n,
    log_index: 0,
    ...over,
  });
  await engine.admin.insertRows(
    'rejected_events',
    encodeRows([
      ...Array.from({ length: 5 }, (_, n) => refused(n, {})),
      refused(6, { rejection_id: 'one' }),
      refused(7, { rejection_id: 'one' }),
      refused(8, { reason: 'duplicate_id', field: 'messageId' }),
      refused(9, { received_at: FROM - 1 }),
    ]),
    { token: 'refused' },
  );
  await engine.admin.insertRows(
    'events',
    encodeRows(
      Array.from({ length: 13 }, (_, n) =>
        makeEventRow(n, {
          project_id: 2,
          received_at: FROM + n,
          timestamp: FROM + n,
          retention_days: 20_000,
        }),
      ),
    ),
    { token: 'accepted' },
  );
  const dropped = (offset: number, duplicates: number, at: number) => ({
    project_id: 2,
    received_at: at,
    log_id: 'log',
    log_offset: offset,
    duplicates,
  });
  for (const token of ['first', 'again']) {
    await engine.admin.insertRows(
      'dropped_duplicates',
      encodeRows([dropped(1, 3, FROM), dropped(2, 4, FROM + HOUR), dropped(3, 9, FROM - 1)]),
      { token },
    );
  }
  const { rejected, duplicates } = await ask(2, { range: RANGE, checks: ['rejected', 'duplicates'] });
  expect(rejected).toMatchObject({ accepted: 13, rejected: 7, share: 0.35 });
  expect(rejected?.reasons).toMatchObject([
    { reason: 'invalid_event', field: 'event', events: 6, samples: [{}, {}, {}] },
    { reason: 'duplicate_id', field: 'messageId', events: 1 },
  ]);
  expect(rejected?.reasons[0]?.samples[0]).toMatchObject({
    detail: 'expected a name',
    payload: 'x'.repeat(500),
  });
  expect(duplicates).toEqual({
    repeated: 7,
    conflicting: 1,
    repeatedShare: Number((7 / 21).toPrecision(4)),
    intervals: [
      { start: '2026-10-26T00:00:00+00:00', repeated: 3 },
      { start: '2026-10-26T01:00:00+00:00', repeated: 4 },
    ],
  });
});

it('answers a project without events, and refuses what makes no sense with the field', async () => {
  const empty = await ask(9, {});
  expect(empty).toMatchObject({
    freshness: { overall: { newest: null, sinceMs: null, state: 'unknown' }, events: [] },
    volume: { series: [{ event: null, state: 'young' }] },
    schema: { newEvents: [], changedTypes: [] },
    rejected: { accepted: 0, rejected: 0, share: null },
    duplicates: { repeated: 0, repeatedShare: null },
    losses: [],
  });
  const wrong = (question: object) =>
    askInsight('data-quality', { client: engine.reader, projectId: 1 }, question);
  await expect(wrong({ checks: ['all'] })).rejects.toMatchObject({ field: '/checks/0' });
  await expect(wrong({ threshold: 1 })).rejects.toMatchObject({ field: '/threshold' });
  await expect(wrong({ where: [] })).rejects.toMatchObject({ field: '/where' });
  await expect(wrong({ range: { from: '2026-11-01', to: '2026-11-01' } })).rejects.toMatchObject({
    field: '/range/to',
  });
});
