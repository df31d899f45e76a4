import { type Answer, InsightError } from '@millrace/warehouse-schema';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { fakeAlerts } from '../testing/fake-alerts.ts';
import { alertRoutes } from './alert-routes.ts';

const QUIET = { freshness: { overall: { sinceMs: 90 * 60_000, newest: '2026-11-21T10:00:00+00:00' } } };

function app(result: object | Error = QUIET) {
  const routes = alertRoutes({
    alerts: fakeAlerts(),
    projectId: 1,
    askInsight: async () => {
      if (result instanceof Error) throw result;
      return { result } as Answer<unknown>;
    },
    policy: { privateHosts: [] },
  });
  const call = async (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init = { method, ...(body !== undefined && { body: text }) };
    const response = await new Hono().route('/', routes).request(`/api/alerts${path}`, init);
    return [response.status, await response.json()] as [number, Record<string, unknown>];
  };
  return call;
}

const FRESH = { condition: { kind: 'freshness', minutes: 60 } };

it('keeps a rule, shows the secret once, and of the address only where it leads', async () => {
  const call = app();
  const url = 'https://hooks.example/services/T0/B0/very-secret';
  const [status, made] = await call('PUT', '/quiet', { ...FRESH, title: 'Quiet', webhook: { url } });
  expect([status, made]).toMatchObject([
    200,
    {
      success: true,
      secret: 'whsec_made',
      alert: { alert: 'quiet', webhook: { url: 'https://hooks.example/…' } },
    },
  ]);
  const [, again] = await call('PUT', '/quiet', { ...FRESH, for: 3 });
  expect(again).toMatchObject({ alert: { for: 3, webhook: { url: 'https://hooks.example/…' } } });
  for (const path of ['', '/quiet', '/quiet/history']) {
    const [code, shown] = await call('GET', path);
    expect(code).toBe(200);
    expect(JSON.stringify([shown, again])).not.toMatch(/whsec|very-secret/);
  }
  expect((await call('PUT', '/quiet', { ...FRESH, webhook: null }))[1]).toMatchObject({
    alert: { webhook: null },
  });
  expect((await call('DELETE', '/quiet'))[0]).toBe(200);
  for (const [method, path] of [
    ['GET', '/quiet'],
    ['DELETE', '/quiet'],
    ['POST', '/quiet/test'],
    ['GET', '/quiet/history'],
  ] as const)
    expect((await call(method, path))[0], `${method} ${path}`).toBe(404);
});

it('tries a rule without changing anything', async () => {
  const call = app();
  await call('PUT', '/quiet', FRESH);
  expect((await call('POST', '/quiet/test'))[1]).toMatchObject({
    success: true,
    finding: { verdict: 'breach', value: 90 },
    delivery: null,
  });
  await call('PUT', '/quiet', { ...FRESH, webhook: { url: 'http://hooks.invalid/' } });
  expect((await call('POST', '/quiet/test'))[1]).toMatchObject({
    success: false,
    delivery: { delivered: false },
  });
});

it.each([
  ['body', '{'],
  ['/condition', {}],
  ['/condition/minutes', { condition: { kind: 'freshness', minutes: 0 } }],
  ['/every', { ...FRESH, every: 0 }],
  ['/more', { ...FRESH, more: 1 }],
  ['/webhook/url', { ...FRESH, webhook: { url: 'http://127.0.0.1/' } }],
  ['/webhook/secret', { ...FRESH, webhook: { url: 'https://a.example', secret: 'short' } }],
  ['/condition', { condition: { kind: 'insight', insight: 'trends', question: {}, pointer: '/result' } }],
  [
    '/condition/pointer',
    { condition: { kind: 'insight', insight: 'trends', question: {}, pointer: '/result/none', above: 1 } },
  ],
])('names the field that is wrong: %s', async (field, body) => {
  const [status, answered] = await app()('PUT', '/one', body);
  expect([status, answered]).toMatchObject([400, { success: false, error: { field } }]);
});

it('refuses a question that makes no sense, and takes one that nobody can answer now', async () => {
  const rule = {
    condition: { kind: 'insight', insight: 'trends', question: {}, pointer: '/result/total', below: 1 },
  };
  const refused = app(new InsightError('invalid_question', '/range: is required', '/range'));
  expect((await refused('PUT', '/one', rule))[1]).toMatchObject({
    error: { field: '/condition/question/range' },
  });
  const unknown = app(new InsightError('unknown_insight', 'no'));
  expect((await unknown('PUT', '/one', rule))[1]).toMatchObject({ error: { field: '/condition/insight' } });
  const away = app(new InsightError('warehouse_unavailable', 'away'));
  expect((await away('PUT', '/one', rule))[0]).toBe(200);
});
