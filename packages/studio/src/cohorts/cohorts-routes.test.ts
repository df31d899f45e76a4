import { InsightError } from '@millrace/warehouse-schema';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { CohortsAdmin, CohortVersion } from './cohorts-admin.ts';
import { cohortsRoutes } from './cohorts-routes.ts';

const LIST = '0192e7a0-0000-4000-8000-000000000001';

/** Cohorts in memory; `kept` are the lists that were asked for. */
function fakeCohorts() {
  const versions: CohortVersion[] = [];
  const kept: unknown[] = [];
  const admin: CohortsAdmin = {
    list: async () => versions.filter(({ definition }) => definition !== null),
    read: async (name, version) =>
      versions.find((one) => one.name === name && (version === undefined || one.version === version)),
    history: async (name) => versions.filter((one) => one.name === name),
    async save({ ifVersion, ...cohort }) {
      if (ifVersion !== undefined && ifVersion !== versions.length)
        throw Object.assign(new Error('at version 1'), { code: 'stale_version' });
      const version = versions.length + 1;
      versions.unshift({ ...cohort, version, createdAt: new Date('2026-01-01') });
      return { version };
    },
    async check(_name, definition) {
      if (!('did' in (definition as object))) throw new InsightError('invalid_question', 'no', '/definition');
    },
    async keepPeople(ids) {
      kept.push(ids);
      return { id: LIST, ids: ids.length };
    },
    async keepAnswer(insight, question) {
      kept.push([insight, question]);
      return { id: LIST, ids: 3 };
    },
    dropLists: async () => void kept.push('dropped'),
  };
  return { admin, kept, app: new Hono().route('/', cohortsRoutes(admin)) };
}

const put = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'PUT',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const buyers = { did: { event: 'bought' } };

it('stores a definition, gives it back with its history, and deletes it', async () => {
  const { app } = fakeCohorts();
  const saved = await app.request(
    '/api/cohorts/buyers',
    put({ definition: buyers, author: 'Ada', note: 'why' }),
  );
  expect([saved.status, saved.headers.get('etag'), await saved.json()]).toEqual([
    200,
    '"1"',
    { success: true, version: 1, definition: buyers },
  ]);
  const got = await app.request('/api/cohorts/buyers');
  const shown = { name: 'buyers', version: 1, definition: buyers, author: 'Ada', note: 'why' };
  expect([got.headers.get('etag'), got.headers.get('cache-control')]).toEqual(['"1"', 'no-store']);
  expect(await got.json()).toEqual({ ...shown, createdAt: '2026-01-01T00:00:00.000Z' });
  expect(await (await app.request('/api/cohorts')).json()).toMatchObject({
    cohorts: [shown],
    schema: { anyOf: expect.any(Array) },
  });
  const stale = await app.request('/api/cohorts/buyers', {
    method: 'DELETE',
    headers: { 'If-Match': '"7"' },
  });
  expect(stale.status).toBe(412);
  const gone = await app.request('/api/cohorts/buyers', { method: 'DELETE', headers: { 'If-Match': '"1"' } });
  expect(await gone.json()).toEqual({ success: true, version: 2 });
  expect((await (await app.request('/api/cohorts/buyers/history')).json()).versions).toHaveLength(2);
});

it('keeps people who are named, and those whom an insight lists', async () => {
  const { app, kept } = fakeCohorts();
  const named = await app.request('/api/cohorts/some', put({ people: ['ada', 'b\ud800'] }));
  expect((await named.json()).definition).toEqual({ list: LIST, ids: 2 });
  const question = { step: 2 };
  const listed = await app.request(
    '/api/cohorts/lost',
    put({ snapshot: { insight: 'funnel-people', question } }),
  );
  expect((await listed.json()).definition).toEqual({
    list: LIST,
    ids: 3,
    from: { insight: 'funnel-people', question },
  });
  expect(kept).toEqual([['ada', 'b\ufffd'], 'dropped', ['funnel-people', question], 'dropped']);
});

it.each([
  ['{', 'body'],
  [{}, 'body'],
  [{ definition: buyers, people: [] }, 'body'],
  [{ definition: [] }, 'definition'],
  [{ definition: { done: 1 } }, '/definition'],
  [{ people: 'ada' }, 'people'],
  [{ people: ['ada', ''] }, 'people.1'],
  [{ people: [5] }, 'people.0'],
  [{ snapshot: { question: {} } }, 'snapshot.insight'],
  [{ definition: buyers, author: 5 }, 'author'],
])('refuses %j and names the field', async (body, field) => {
  const response = await fakeCohorts().app.request('/api/cohorts/buyers', put(body));
  expect([response.status, (await response.json()).error.field]).toEqual([400, field]);
});

it('answers 404 for what is not there, and 503 while the database is away', async () => {
  const { app, admin } = fakeCohorts();
  expect((await app.request('/api/cohorts/none')).status).toBe(404);
  expect((await app.request('/api/cohorts/none', { method: 'DELETE' })).status).toBe(404);
  admin.list = () => Promise.reject(new Error('connect ECONNREFUSED'));
  expect((await app.request('/api/cohorts')).status).toBe(503);
});
