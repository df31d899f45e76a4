import { describe, expect, it } from 'vitest';
import { LogUnavailableError } from '../../log/event-log.ts';
import { createFixture, NOW } from '../../testing/collector-fixture.ts';
import { SAMPLE } from '../../testing/sample-definitions.ts';

const server = { headers: { authorization: 'Bearer sk_test' } };
const PLAN = {
  name: 'Checkout button',
  variants: [
    { id: 'control', config: { color: 'blue' } },
    { id: 'green', config: { color: 'green' } },
  ],
  traffic_allocation: 1,
};

function serving(now = () => NOW) {
  const fixture = createFixture({ clock: now });
  const ask = async (path: string, body: unknown, options: Parameters<typeof fixture.post>[2] = server) => {
    const response = await fixture.post(path, body, options);
    return { status: response.status, ...((await response.json()) as { test_id?: string }) };
  };
  return { ...fixture, ask };
}

describe('POST /tests', () => {
  it('creates a test, and answers once it can be assigned', async () => {
    const { ask, definitions } = serving();
    expect(await ask('/tests', PLAN)).toEqual({
      status: 201,
      success: true,
      test_id: 'checkout_button',
      ...PLAN,
    });
    const { experiments, version } = definitions.current(7, 'production') ?? {};
    expect(version).toBe(1);
    expect(experiments?.checkout_button).toMatchObject({
      unitType: 'userId',
      bucketingVersion: 1,
      enabled: true,
      phases: [
        {
          number: 1,
          traffic: { start: 0, end: 10_000 },
          variants: [
            { start: 0, end: 5_000, variant: 'control' },
            { start: 5_000, end: 10_000, variant: 'green' },
          ],
        },
      ],
      payloads: { control: { color: 'blue' }, green: { color: 'green' } },
    });
    const salts = Object.values(experiments ?? {}).flatMap(({ phases: [phase] }) => [
      phase?.trafficSalt,
      phase?.variantSalt,
    ]);
    expect(new Set(salts).size).toBe(2);
    expect(await ask('/assign', { user_id: 'ada', test_id: 'checkout_button' })).toMatchObject({
      status: 200,
    });
  });

  it('adds to what is there, under a key that is free, and shares 10,000 buckets out without a gap', async () => {
    const { ask, definitions } = serving();
    definitions.put(SAMPLE);
    const variants = ['a', 'b', 'c'].map((id) => ({ id }));
    const first = await ask('/tests', { name: 'Color', variants, traffic_allocation: 0.25 });
    const second = await ask('/tests', { name: '色', variants });
    expect([first.test_id, second.test_id]).toEqual(['color_2', 'test']);
    const { experiments } = definitions.current(7, 'production') ?? {};
    expect(Object.keys(experiments ?? {})).toEqual(['checkout', 'credit', 'color_2', 'test']);
    const [phase] = experiments?.color_2?.phases ?? [];
    expect(phase?.traffic).toEqual({ start: 0, end: 2_500 });
    expect(phase?.variants.map(({ start, end }) => [start, end])).toEqual([
      [0, 3_333],
      [3_333, 6_667],
      [6_667, 10_000],
    ]);
  });

  it('loses none of many that are created at once', async () => {
    const { ask, definitions } = serving();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/tests', PLAN)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    const keys = Object.keys(definitions.current(7, 'production')?.experiments ?? {});
    expect(keys.sort()).toEqual(answers.map(({ test_id }) => test_id).sort());
    expect(keys).toHaveLength(5);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(65) }, 'name'],
    [{ variants: undefined }, 'variants'],
    [{ variants: [{ id: 'alone' }] }, 'variants'],
    [{ variants: [{ id: 'a' }, { name: 'b' }] }, 'variants[1].id'],
    [{ variants: [{ id: 'a' }, { id: 'a' }] }, 'variants[1].id'],
    [{ traffic_allocation: 1.1 }, 'traffic_allocation'],
    [{ traffic_allocation: '1' }, 'traffic_allocation'],
  ])('refuses %j, and names the field', async (change, field) => {
    const { ask } = serving();
    expect(await ask('/tests', { ...PLAN, ...change })).toMatchObject({ status: 400, error: { field } });
  });

  it('is a 503 while the database is away', async () => {
    const { ask, definitions } = serving();
    definitions.away = true;
    expect(await ask('/tests', PLAN)).toMatchObject({
      status: 503,
      error: { code: 'definitions_unavailable' },
    });
  });
});

describe('who may create and assign', () => {
  const local = '127.0.0.1';

  it.each([
    ['a server key', server, 201],
    ['nobody, on this machine', { from: local }, 201],
    ['a page of this machine', { from: local, headers: { origin: 'http://localhost:3000' } }, 201],
    [
      'a page of elsewhere, shown on this machine',
      { from: local, headers: { origin: 'https://evil.example' } },
      403,
    ],
    ['a page in a sandbox', { from: local, headers: { origin: 'null' } }, 403],
    ['a client key', { headers: { authorization: 'Bearer wk_test' } }, 403],
    ['a client key on this machine', { from: local, headers: { authorization: 'Bearer wk_test' } }, 403],
    ['nobody', {}, 401],
    ["the demo's key from elsewhere", { headers: { authorization: 'Bearer wk_demo' } }, 403],
  ])('%s', async (_, options, status) => {
    const { ask, definitions } = serving();
    expect(await ask('/tests', PLAN, options)).toMatchObject({ status });
    const assigned = await ask('/assign', { user_id: 'ada', test_id: 'checkout_button' }, options);
    expect(assigned).toMatchObject({ status: status === 201 ? 200 : status });
    expect(definitions.current(1, 'production') !== undefined).toBe(status === 201 && options !== server);
  });
});

describe('POST /assign', () => {
  it('answers variant and config, and has the exposure in the log', async () => {
    const { ask, log, definitions } = serving();
    definitions.put(SAMPLE);
    expect(await ask('/assign', { user_id: 'user-2', test_id: 'checkout' })).toEqual({
      status: 200,
      success: true,
      test_id: 'checkout',
      variant_id: 'treatment',
      variant_config: { color: 'green' },
      reason: 'split',
    });
    const [row] = log.rows();
    expect(row).toMatchObject({
      project_id: 7,
      type: 'track',
      event: '$exposure',
      user_id: 'user-2',
      timestamp: NOW,
      properties: {
        experiment: 'checkout',
        phase: 2,
        variant: 'treatment',
        unit: 'user-2',
        unitType: 'anonymousId',
        bucketingVersion: 1,
        reason: 'split',
        definitionsVersion: 3,
      },
    });
    // The site's server is neither the user's address nor a bot.
    expect(row).not.toHaveProperty('ip');
    expect(row).not.toHaveProperty('is_bot');
  });

  it('records the same event each time of a day, and another for another user, day or version', async () => {
    let now = NOW;
    const { ask, log, definitions } = serving(() => now);
    definitions.put(SAMPLE);
    const assign = (user: string) => ask('/assign', { user_id: user, test_id: 'checkout' });
    await assign('user-2');
    now += 3_600_000;
    await assign('user-2');
    await assign('user-1');
    now += 86_400_000;
    await assign('user-2');
    definitions.put({ ...SAMPLE, version: 4 });
    await assign('user-2');
    const contents = log.rows().map(({ message_id, content_hash }) => `${message_id} ${content_hash}`);
    expect(contents[1]).toBe(contents[0]);
    expect(new Set(contents).size).toBe(4);
    const ids = log.rows().map(({ message_id }) => message_id);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => Buffer.byteLength(String(id)) <= 128)).toBe(true);
  });

  it('does not answer before the exposure is durable, and is a 503 where it cannot be', async () => {
    const { ask, log, definitions } = serving();
    definitions.put(SAMPLE);
    log.failWith = new LogUnavailableError('log_full', 'the disk is full', 5_000);
    expect(await ask('/assign', { user_id: 'user-2', test_id: 'checkout' })).toMatchObject({
      status: 503,
      error: { code: 'log_full' },
    });
  });

  it('gives control and records nothing for whoever does not take part', async () => {
    const { ask, log, definitions } = serving();
    definitions.put(SAMPLE);
    const outside = await ask('/assign', { user_id: 'u', test_id: 'credit', attributes: { fraud_score: 9 } });
    expect(outside).toMatchObject({ variant_id: 'control', variant_config: null, reason: 'not_targeted' });
    const forced = await ask('/assign', { user_id: 'tester-of-credit', test_id: 'credit' });
    expect(forced).toMatchObject({ variant_id: 'on', reason: 'forced' });
    expect(log.records).toEqual([]);
  });

  it('gives a number as user the variant of its text', async () => {
    const { ask, definitions } = serving();
    definitions.put(SAMPLE);
    const attributes = { fraud_score: 1 };
    const answer = await ask('/assign', { user_id: 7, test_id: 'credit', attributes });
    expect(answer).toMatchObject({ variant_id: 'on', reason: 'split' });
  });

  it.each([
    [{ user_id: '' }, 400, 'user_id'],
    [{ user_id: {} }, 400, 'user_id'],
    [{ test_id: 7 }, 400, 'test_id'],
    [{ attributes: 'x' }, 400, 'attributes'],
    [{ test_id: 'nowhere' }, 404, 'test_id'],
    [{ test_id: '__proto__' }, 404, 'test_id'],
  ])('refuses %j, and names the field', async (change, status, field) => {
    const { ask, definitions } = serving();
    definitions.put(SAMPLE);
    const answer = await ask('/assign', { user_id: 'ada', test_id: 'checkout', ...change });
    expect(answer).toMatchObject({ status, error: { field } });
  });
});
