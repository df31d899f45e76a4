import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { DefinitionsAdmin, DefinitionsVersion } from './definitions-admin.ts';
import { definitionsRoutes } from './definitions-routes.ts';

const DOCUMENT = { format: 1, version: 0, flags: {}, experiments: {} };

/** Documents in memory, with the store's refusals; what it was asked stands in `asked`. */
function fakeAdmin() {
  const versions: (DefinitionsVersion & { document: object })[] = [];
  const asked: object[] = [];
  const refuse = (code: string, message: string, rest: object = {}) => {
    throw Object.assign(new Error(message), { code, ...rest });
  };
  const admin: DefinitionsAdmin = {
    listProjects: async () => [{ projectId: 2, name: 'shop' }],
    async readDefinitions(which) {
      asked.push(which);
      return which.version === undefined
        ? versions[0]
        : versions.find((one) => one.version === which.version);
    },
    async listDefinitions(place) {
      asked.push(place);
      return versions.map(({ document: _, ...entry }) => entry);
    },
    async saveDefinitions({ document, author, note = '', ifVersion, ...place }) {
      asked.push(place);
      if (ifVersion !== undefined && ifVersion !== versions.length) refuse('stale_version', 'at version 1');
      if (!document) refuse('invalid_definitions', 'no', { problems: [{ path: '/flags', message: 'no' }] });
      const version = versions.length + 1;
      versions.unshift({
        version,
        author,
        note,
        createdAt: new Date('2026-01-01'),
        document: document as object,
      });
      return { version };
    },
  };
  return { admin, asked, app: new Hono().route('/', definitionsRoutes(admin, 1)) };
}

const put = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'PUT',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

it('gives an empty document before the first, then the newest, any version, and who saved what when', async () => {
  const { app, asked } = fakeAdmin();
  const none = await app.request('/api/definitions');
  expect(none.headers.get('etag')).toBe('"0"');
  expect(await none.json()).toEqual({ version: 0, document: DOCUMENT });

  const saved = await app.request(
    '/api/definitions?project=shop&environment=staging',
    put({ document: DOCUMENT, author: 'Ada', note: 'first' }, { 'If-Match': '"0"' }),
  );
  expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"1"']);
  expect(await saved.json()).toEqual({ success: true, version: 1 });
  await app.request('/api/definitions', put({ document: { ...DOCUMENT, flags: { a: 1 } } }));

  const newest = await app.request('/api/definitions');
  expect([newest.headers.get('etag'), newest.headers.get('cache-control')]).toEqual(['"2"', 'no-store']);
  expect(await newest.json()).toMatchObject({
    version: 2,
    author: 'admin',
    note: '',
    document: { flags: { a: 1 } },
  });
  expect(await (await app.request('/api/definitions?version=1')).json()).toMatchObject({
    document: DOCUMENT,
  });
  expect(await (await app.request('/api/definitions/history')).json()).toEqual({
    versions: [
      { version: 2, author: 'admin', note: '', createdAt: '2026-01-01T00:00:00.000Z' },
      { version: 1, author: 'Ada', note: 'first', createdAt: '2026-01-01T00:00:00.000Z' },
    ],
  });
  expect(asked[1]).toEqual({ projectId: 2, environment: 'staging' });
});

it('answers 412 where another version counts, and every problem of a document with its place', async () => {
  const { app } = fakeAdmin();
  const stale = await app.request('/api/definitions', put({ document: DOCUMENT }, { 'If-Match': '"7"' }));
  expect([stale.status, await stale.json()]).toEqual([
    412,
    { success: false, error: { code: 'stale_version', message: 'at version 1' } },
  ]);
  const wrong = await app.request('/api/definitions', put({ document: null }));
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    {
      success: false,
      error: { code: 'invalid_definitions', message: 'no', problems: [{ path: '/flags', message: 'no' }] },
    },
  ]);
});

it.each([
  ['body', put('{')],
  ['document', put({ flags: {} })],
  ['author', put({ document: DOCUMENT, author: 1 })],
  ['note', put({ document: DOCUMENT, note: null })],
  ['If-Match', put({ document: DOCUMENT }, { 'If-Match': 'W/"1"' })],
])('names the field that is wrong: %s', async (field, init) => {
  const response = await fakeAdmin().app.request('/api/definitions', init);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { success: false, error: { code: 'invalid_field', field } },
  ]);
});

it('answers 404 for a project or a version that is not there, and 413 for a document that is too large', async () => {
  const { app } = fakeAdmin();
  for (const path of ['?project=none', '?version=3']) {
    expect((await app.request(`/api/definitions${path}`)).status).toBe(404);
  }
  expect((await app.request('/api/definitions?version=0')).status).toBe(400);
  expect((await app.request('/api/definitions', put('x'.repeat(9_000_000)))).status).toBe(413);
});

it('says that it is to be tried again while the database is away, and not why', async () => {
  const { admin, app } = fakeAdmin();
  admin.listDefinitions = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1'));
  const response = await app.request('/api/definitions/history');
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain('10.0.0.1');
});
