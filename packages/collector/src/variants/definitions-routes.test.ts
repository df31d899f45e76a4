import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  type CompiledDefinitions,
  compareByRule,
  createCompiledEvaluator,
  createEvaluator,
  type Definitions,
  type Experiment,
  prepareDefinitions,
} from '@millrace/core/evaluation';
import { describe, expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { createFixture } from '../testing/collector-fixture.ts';
import { SAMPLE } from '../testing/sample-definitions.ts';

const CLIENT = '/v1/definitions?writeKey=wk_test';
const server = { authorization: 'Bearer sk_test' };

function serving(document: Definitions | undefined = SAMPLE) {
  const fixture = createFixture();
  if (document) fixture.definitions.put(document);
  const get = (path = CLIENT, headers: Record<string, string> = {}) => fixture.app.request(path, { headers });
  return { ...fixture, get };
}

describe('GET /v1/definitions', () => {
  it('gives a client what anyone may see, prepared, and names what it must ask for', async () => {
    const { get } = serving();
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('etag');
    const text = await response.text();
    for (const hidden of ['fraud_score', 'trusted', 'tester-of-credit', 'credit-traffic', 'attributes']) {
      expect(text).not.toContain(hidden);
    }
    const document = JSON.parse(text);
    expect(document).toMatchObject({ format: 1, version: 3, remote: ['credit', 'pay_later'] });
    expect(Object.keys(document.flags)).toEqual(['color', 'banner', 'gone']);
  });

  it('gives pages the compiled form, and leaves to /v1/evaluate what they have no rules for', async () => {
    const versioned = {
      ...SAMPLE.experiments.checkout,
      if: { attribute: 'app', op: 'semverGte', value: '2.4' },
    } as Experiment;
    const document = { ...SAMPLE, experiments: { ...SAMPLE.experiments, versioned } };
    const { get } = serving(document);
    const units = { anonymousId: 'user-2' };
    const context = { units, attributes: { app: '2.10.0' }, now: 0 };
    const whole = createEvaluator(prepareDefinitions(document));
    const bare: CompiledDefinitions = JSON.parse(await (await get(`${CLIENT}&compiled=1`)).text());
    expect(bare).toMatchObject({ compiled: 1, version: 3, remote: ['credit', 'pay_later', 'versioned'] });
    const page = createCompiledEvaluator(bare);
    expect(page.assign('checkout', context)).toEqual(whole.assign('checkout', context));
    expect(page.assign('versioned', context).reason).toBe('remote');
    const full = await get(`${CLIENT}&compiled=1&rules=all`, { 'accept-encoding': 'identity' });
    const text = await full.text();
    for (const hidden of ['fraud_score', 'trusted', 'tester-of-credit', 'credit-traffic', 'attributes']) {
      expect(text).not.toContain(hidden);
    }
    const withRules = createCompiledEvaluator(JSON.parse(text), compareByRule);
    expect(withRules.assign('versioned', context)).toEqual(whole.assign('versioned', context));
    expect(whole.assign('versioned', context).reason).toBe('split');
    expect(full.headers.get('etag')).not.toBe((await get(`${CLIENT}&compiled=1`)).headers.get('etag'));
  });

  it('refuses a compiled form that it does not have', async () => {
    const { get } = serving();
    const response = await get(`${CLIENT}&compiled=2`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'malformed_query', field: 'compiled' } });
  });

  it('gives a server everything', async () => {
    const { get } = serving();
    const response = await get('/v1/definitions', server);
    expect(response.headers.get('cache-control')).toMatch(/^private, max-age=60,/);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(prepareDefinitions(SAMPLE))));
  });

  it.each([
    ['x-write-key', { 'x-write-key': 'wk_test' }],
    ['Basic auth', { authorization: `Basic ${btoa('wk_test:')}` }],
  ])(
    'takes the key by %s, and lets no shared cache keep what the URL does not tell apart',
    async (_, headers) => {
      const { get } = serving();
      const response = await get('/v1/definitions', headers);
      expect(await response.json()).toMatchObject({ version: 3 });
      expect(response.headers.get('cache-control')).toMatch(/^private/);
    },
  );

  it('may be kept by any cache where the URL holds the key', async () => {
    const { get } = serving();
    const { headers } = await get();
    expect(headers.get('cache-control')).toBe(
      'public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800',
    );
    expect(headers.get('vary')).toBe('accept-encoding');
  });

  it('answers 304 to whoever has it already, in whatever encoding, and 200 once it has changed', async () => {
    const { get, definitions } = serving();
    const etag = (await get()).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const compressed = (await get(CLIENT, { 'accept-encoding': 'br' })).headers.get('etag') ?? '';
    expect(compressed).not.toBe(etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*', compressed]) {
      const unchanged = await get(CLIENT, { 'if-none-match': known });
      expect(unchanged.status).toBe(304);
      expect(await unchanged.text()).toBe('');
      expect(unchanged.headers.get('etag')).toBe(etag);
      expect(unchanged.headers.get('cache-control')).toMatch(/^public/);
    }
    definitions.put({ ...SAMPLE, version: 4 });
    const changed = await get(CLIENT, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect(await changed.json()).toMatchObject({ version: 4 });
  });

  it.each([
    ['gzip', 'gzip, deflate', gunzipSync],
    ['br', 'gzip, deflate, br;q=0.8', brotliDecompressSync],
  ])('travels as %s to whom that suits', async (encoding, accepted, decompress) => {
    const { get } = serving();
    const plain = await (await get()).text();
    const response = await get(CLIENT, { 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(decompress(Buffer.from(await response.arrayBuffer())).toString()).toBe(plain);
    const refused = await get(CLIENT, { 'accept-encoding': `${encoding};q=0` });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it('is empty, and of version 0, where nobody has written anything', async () => {
    const { get } = serving();
    const response = await get(`${CLIENT}&environment=staging`);
    expect(await response.json()).toMatchObject({
      format: 1,
      version: 0,
      environment: 'staging',
      flags: {},
      experiments: {},
    });
  });

  it('is that of the environment', async () => {
    const { get, definitions } = serving();
    definitions.put({ ...SAMPLE, version: 9, environment: 'staging' });
    expect(await (await get(`${CLIENT}&environment=staging`)).json()).toMatchObject({ version: 9 });
    expect(await (await get(CLIENT)).json()).toMatchObject({ version: 3 });
  });

  it.each([
    ['/v1/definitions', {}, 401, 'missing_write_key'],
    ['/v1/definitions?writeKey=wk_none', {}, 401, 'unknown_write_key'],
    [`${CLIENT}&environment=`, {}, 400, 'malformed_query'],
    [`${CLIENT}&environment=Pre-view`, {}, 400, 'malformed_query'],
  ])('refuses %s', async (path, headers, status, code) => {
    const { get } = serving();
    const response = await get(path, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ success: false, error: { code } });
  });

  it('is a 503 while nothing could be read yet', async () => {
    const { get, definitions } = serving();
    definitions.away = true;
    const response = await get();
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('answers a preflight and HEAD, and refuses POST', async () => {
    const { app, get } = serving();
    const preflight = await app.request(CLIENT, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'if-none-match' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('if-none-match');
    const head = await app.request(CLIENT, { method: 'HEAD' });
    expect(head.headers.get('etag')).toBe((await get()).headers.get('etag'));
    const refused = await app.request(CLIENT, { method: 'POST' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
  });

  it('evaluates for a client as spec/evaluation.json says, but for what is remote', async () => {
    const { get } = serving(spec.definitions as unknown as Definitions);
    const document = (await (await get()).json()) as Definitions;
    const evaluator = createEvaluator(document);
    const now = Date.parse(spec.now);
    let evaluated = 0;
    for (const {
      key,
      units,
      attributes,
      overrides,
      reason,
      ...rest
    } of spec.experiments as never as Case[]) {
      if (document.remote?.includes(key) || 'sticky' in rest || 'now' in rest) continue;
      expect(evaluator.assign(key, { units, attributes, overrides, now }).reason, rest.says).toBe(reason);
      evaluated++;
    }
    expect(evaluated).toBeGreaterThan(15);
  });
});

interface Case {
  key: string;
  says: string;
  reason: string;
  units: { [type: string]: string };
  attributes?: { [name: string]: unknown };
  overrides?: { [key: string]: string };
}
