import { describe, expect, it } from 'vitest';
import { createFixture } from '../../testing/collector-fixture.ts';
import { SAMPLE } from '../../testing/sample-definitions.ts';

const ALL = '/ofrep/v1/evaluate/flags';
const bearer = { authorization: 'Bearer wk_test' };

function serving() {
  const fixture = createFixture();
  fixture.definitions.put(SAMPLE);
  const ask = async (path: string, body: unknown, headers: Record<string, string> = bearer) => {
    const response = await fixture.post(path, body, { headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? '' : JSON.parse(text) };
  };
  const one = (key: string, context: unknown) => ask(`${ALL}/${key}`, { context });
  return { ...fixture, ask, one };
}

describe('POST /ofrep/v1/evaluate/flags/{key}', () => {
  it.each([
    [
      'color',
      { targetingKey: 'user-2' },
      {
        value: 'green',
        reason: 'SPLIT',
        variant: 'treatment',
        metadata: { reason: 'split', version: 3, experiment: 'checkout', phase: 2 },
      },
    ],
    [
      'color',
      { targetingKey: 'someone', anonymousId: 'user-1' },
      { value: 'blue', reason: 'SPLIT', variant: 'control' },
    ],
    ['color', {}, { value: 'grey', reason: 'DEFAULT', metadata: { reason: 'default', version: 3 } }],
    ['banner', {}, { value: true, reason: 'DEFAULT' }],
    ['pay_later', { targetingKey: 'a', fraud_score: 3 }, { value: true, reason: 'TARGETING_MATCH' }],
    ['checkout', { targetingKey: 'user-2' }, { value: 'treatment', reason: 'SPLIT', variant: 'treatment' }],
    ['credit', { targetingKey: 'a', fraud_score: 3 }, { value: 'on', reason: 'SPLIT', variant: 'on' }],
    ['credit', { userId: 'tester-of-credit' }, { value: 'on', reason: 'TARGETING_MATCH', variant: 'on' }],
    ['credit', { targetingKey: 'a' }, { value: 'control', reason: 'DEFAULT', variant: 'control' }],
  ])('gives %s for %j', async (key, context, expected) => {
    const { one } = serving();
    const { status, body } = await one(key, context);
    expect(status).toBe(200);
    expect(body).toMatchObject({ key, ...expected });
  });

  it('leaves the value to the caller where a flag is switched off', async () => {
    const { body, status } = await serving().one('gone', {});
    expect([status, body]).toEqual([
      200,
      { key: 'gone', reason: 'DISABLED', metadata: { reason: 'killed', version: 3 } },
    ]);
  });

  it('says of a flag that is not there that it is not found', async () => {
    const { body, status } = await serving().one('nowhere', {});
    expect([status, body]).toEqual([
      404,
      { key: 'nowhere', errorCode: 'FLAG_NOT_FOUND', errorDetails: 'there is no flag nowhere' },
    ]);
  });

  it('asks for the unit that an experiment lacks', async () => {
    const { body, status } = await serving().one('checkout', {});
    expect([status, body]).toMatchObject([400, { key: 'checkout', errorCode: 'TARGETING_KEY_MISSING' }]);
  });

  it.each([
    ['{', 'PARSE_ERROR'],
    ['[]', 'PARSE_ERROR'],
    ['{}', 'INVALID_CONTEXT'],
    ['{"context":"ada"}', 'INVALID_CONTEXT'],
    ['{"context":{"targetingKey":7}}', 'INVALID_CONTEXT'],
  ])('refuses %s as a %s', async (body, errorCode) => {
    const answer = await serving().ask(`${ALL}/color`, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { key: 'color', errorCode, errorDetails: expect.stringContaining('expected') },
    });
  });

  it('takes the key as X-API-Key', async () => {
    const { ask } = serving();
    const answer = await ask(`${ALL}/banner`, { context: {} }, { 'x-api-key': 'wk_test' });
    expect(answer).toMatchObject({ status: 200, body: { value: true } });
  });

  it('is a 401 without one', async () => {
    const { ask } = serving();
    expect(await ask(`${ALL}/banner`, { context: {} }, {})).toMatchObject({
      status: 401,
      body: { key: 'banner', errorDetails: expect.stringContaining('expected a write key') },
    });
  });

  it('is a 503 with Retry-After while there is nothing to read', async () => {
    const { one, definitions } = serving();
    definitions.away = true;
    const { status, headers, body } = await one('banner', {});
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(body.errorCode).toBeUndefined();
  });
});

describe('POST /ofrep/v1/evaluate/flags', () => {
  const context = { targetingKey: 'user-2', fraud_score: 9 };

  it('gives all of them, sorted by key, and each as it is given alone', async () => {
    const { ask, one } = serving();
    const { status, body } = await ask(ALL, { context });
    expect(status).toBe(200);
    const keys = ['banner', 'checkout', 'color', 'credit', 'gone', 'pay_later'];
    expect(body.flags.map(({ key }: { key: string }) => key)).toEqual(keys);
    for (const [index, key] of keys.entries()) {
      expect(body.flags[index]).toEqual((await one(key, context)).body);
    }
    expect(body.metadata).toEqual({ version: 3 });
  });

  it('answers 304 until something has changed for this caller', async () => {
    const { ask, definitions } = serving();
    const { headers } = await ask(ALL, { context });
    const known = { ...bearer, 'if-none-match': headers.get('etag') ?? '' };
    expect((await ask(ALL, { context }, known)).status).toBe(304);
    expect((await ask(ALL, { context: { targetingKey: 'user-1' } }, known)).status).toBe(200);
    definitions.put({ ...SAMPLE, version: 4 });
    expect((await ask(ALL, { context }, known)).status).toBe(200);
  });

  it('refuses a bad context without naming a flag', async () => {
    const { ask } = serving();
    expect((await ask(ALL, {})).body).toEqual({
      errorCode: 'INVALID_CONTEXT',
      errorDetails: 'expected context to be an object',
    });
  });
});

it('lets pages ask, and knows no other path', async () => {
  const { app } = serving();
  const headers = { 'access-control-request-headers': 'authorization,content-type,if-none-match' };
  const preflight = await app.request(ALL, { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('if-none-match');
  expect((await app.request('/ofrep/v1/none', { method: 'POST' })).status).toBe(404);
});
