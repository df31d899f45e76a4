import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SQL_BYTES, type RunSql } from './sql/sql-route.ts';
import { createStudio, type StudioDeps } from './studio.ts';
import { fakeAlerts } from './testing/fake-alerts.ts';
import { createFakeWarehouse, fakeEvent } from './testing/fake-warehouse.ts';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-studio-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>live</title>');
  await writeFile(join(dir, 'shop.html'), '<!doctype html><meta name="millrace-write-key" content="" />');
  await writeFile(join(dir, 'favicon.svg'), '<svg/>');
  await writeFile(join(dir, 'assets/live-1a2b.js'), 'export {};');
});
afterAll(() => rm(dir, { recursive: true }));

const echo: RunSql = async ({ sql }) => ({ contentType: 'application/json', body: JSON.stringify({ sql }) });

function studio(change: Partial<StudioDeps> = {}): Hono {
  return createStudio({
    warehouse: createFakeWarehouse(),
    runSql: echo,
    askInsight: () => Promise.reject(new Error('not asked')),
    definitions: {
      listProjects: async () => [],
      readDefinitions: async () => undefined,
      listDefinitions: async () => [],
      saveDefinitions: async () => ({ version: 1 }),
    },
    cohorts: {
      list: async () => [],
      read: async () => undefined,
      history: async () => [],
      save: async () => ({ version: 1 }),
      check: async () => {},
      keepPeople: async () => ({ id: '', ids: 0 }),
      keepAnswer: async () => ({ id: '', ids: 0 }),
      dropLists: async () => {},
    },
    people: { async *export() {}, delete: async () => ({}) },
    alerts: fakeAlerts(),
    projectId: 1,
    access: { isLoopback: () => true, adminToken: 'secret' },
    info: { writeKey: 'wk_"demo', publicUrl: 'http://localhost:3500', version: '0.1.0', dataDir: '/data' },
    assetsDir: dir,
    ...change,
  });
}

const local = { Host: 'localhost:3500' };
const remote: Partial<StudioDeps> = { access: { isLoopback: () => false, adminToken: 'secret' } };

describe('POST /sql', () => {
  const post = (app: Hono, body: string, headers: Record<string, string> = local) =>
    app.request('/sql', { method: 'POST', body, headers });

  it('answers what the warehouse answers, as it is', async () => {
    const response = await post(studio(), 'SELECT 1 -- ü');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ sql: 'SELECT 1 -- ü' });
  });

  it('passes on the status and the words of a refusal', async () => {
    const refused = Object.assign(new Error('Not enough privileges.'), {
      code: 'access_denied',
      status: 403,
    });
    const response = await post(studio({ runSql: () => Promise.reject(refused) }), 'SELECT 1');
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      success: false,
      error: { code: 'access_denied', message: 'Not enough privileges.' },
    });
  });

  it('does not show what an unforeseen error says', async () => {
    const response = await post(
      studio({ runSql: () => Promise.reject(new Error('/secret/path')) }),
      'SELECT 1',
    );
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('refuses an empty query, one that is too large, and other methods', async () => {
    expect((await post(studio(), ' \n')).status).toBe(400);
    expect((await post(studio(), 'x'.repeat(MAX_SQL_BYTES + 1))).status).toBe(413);
    const get = await studio().request('/sql', { headers: local });
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST');
  });

  it('runs nothing for a page elsewhere or a machine without the token', async () => {
    let runs = 0;
    const runSql: RunSql = (query) => {
      runs += 1;
      return echo(query);
    };
    const foreign = { ...local, Origin: 'https://attacker.example' };
    expect((await post(studio({ runSql }), 'SELECT 1', foreign)).status).toBe(403);
    expect((await post(studio({ runSql }), 'SELECT 1', { Host: 'rebound.example' })).status).toBe(403);
    const denied = await post(studio({ runSql, ...remote }), 'SELECT 1');
    expect(denied.status).toBe(401);
    expect(denied.headers.get('www-authenticate')).toBe('Bearer');
    expect(runs).toBe(0);
    const allowed = await post(studio({ runSql, ...remote }), 'SELECT 1', { Authorization: 'Bearer secret' });
    expect(allowed.status).toBe(200);
  });
});

describe('what shows data', () => {
  it.each([
    '/api/info',
    '/api/live',
    '/api/definitions',
    '/api/definitions/history',
    '/api/cohorts',
    '/api/cohorts/a',
    '/api/anything',
  ])('%s wants the token from elsewhere', async (path) => {
    const response = await studio(remote).request(path, { headers: { Host: 'events.example.com' } });
    expect(response.status).toBe(401);
  });

  it('gives this machine the write key and where the data is', async () => {
    const response = await studio().request('/api/info', { headers: local });
    expect(await response.json()).toMatchObject({ writeKey: 'wk_"demo', dataDir: '/data' });
  });

  it('streams the figures, and ends when the server closes', async () => {
    const warehouse = createFakeWarehouse();
    warehouse.add(fakeEvent({ id: '1' }));
    const stopping = new AbortController();
    const response = await studio({ warehouse, signal: stopping.signal }).request('/api/live', {
      headers: local,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(value).toMatch(/^data: \{/);
    expect(JSON.parse(value?.slice('data: '.length) ?? '')).toMatchObject({
      figures: { totals: { events: 1, people: 1 } },
      events: [{ id: '1' }],
    });
    stopping.abort();
    for (;;) {
      if ((await reader?.read())?.done !== false) break;
    }
  });
});

describe('the pages', () => {
  it('load nothing from elsewhere, and the live page cannot be framed', async () => {
    const live = await studio().request('/', { headers: local });
    const policy = live.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(live.headers.get('x-content-type-options')).toBe('nosniff');
    const shop = await studio().request('/shop', { headers: local });
    expect(shop.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  });

  it('are there for everyone, but the write key only for those who may see it', async () => {
    const elsewhere = studio(remote);
    expect((await elsewhere.request('/')).status).toBe(200);
    expect(await (await elsewhere.request('/shop')).text()).toContain('content=""');
    const here = await (await studio().request('/shop/p/rye-flour', { headers: local })).text();
    expect(here).toContain('content="wk_&#34;demo"');
  });

  it.each([
    ['/shop', 200],
    ['/shop/', 200],
    ['/shop/cart', 200],
    ['/shop/p/rye-flour', 200],
    ['/shop/p/nonexistent', 404],
    ['/shop/p/rye-flour/more', 404],
    ['/shop/p', 404],
    ['/shop/cart/1', 404],
    ['/shop/anything', 404],
  ])('of the shop: %s answers %i', async (path, status) => {
    const response = await studio().request(path, { headers: local });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(await response.text()).toContain('millrace-write-key');
  });

  it('are sent again only when they have changed', async () => {
    const first = await studio().request('/');
    const again = await studio().request('/', {
      headers: { 'If-None-Match': first.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('are the files that were built, and no others', async () => {
    const file = await studio().request('/assets/live-1a2b.js');
    expect(file.headers.get('content-type')).toContain('text/javascript');
    expect(file.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/assets/..%2findex.html', '/assets/%2e%2e/%2e%2e/package.json', '/assets/no.js']) {
      expect((await studio().request(path)).status).toBe(404);
    }
  });

  it('say so when they are not built', () => {
    expect(() => studio({ assetsDir: join(dir, 'nowhere') })).toThrow('The pages are not built');
  });
});

it('puts its headers on its own routes only', async () => {
  const app = new Hono();
  app.route('/', studio());
  app.get('/millrace.js', (c) => c.text(''));
  const response = await app.request('/millrace.js');
  expect(response.headers.get('content-security-policy')).toBeNull();
  expect(response.headers.get('cross-origin-resource-policy')).toBeNull();
});
