import { PersonError } from '@millrace/warehouse-schema';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { FieldError } from '../definitions/read-request.ts';
import { peopleRoutes } from './people-routes.ts';

function make() {
  const asked: unknown[] = [];
  const app = new Hono().route(
    '/',
    peopleRoutes({
      async *export(id, project) {
        asked.push(['export', id, project]);
        if (id === 'null') throw new PersonError('invalid_id', 'stands for nobody', 'id');
        yield { table: 'person', row: { ids: [id] } };
        yield { table: 'events', row: { event: 'x' } };
      },
      async delete(id, project) {
        asked.push(['delete', id, project]);
        if (project === 'none') throw new FieldError('project', 'there is no project "none"', 404);
        if (id === 'busy') throw new PersonError('loader_behind', 'start Millrace');
        if (id === 'away') throw new Error('connection refused at 127.0.0.1');
        return { removed: { events: 3 } };
      },
    }),
  );
  return { app, asked };
}

it('exports as lines of JSON, by any id that fits into a path', async () => {
  const { app, asked } = make();
  const answer = await app.request(`/api/people/${encodeURIComponent('a/b ü?')}/export?project=shop`);
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  expect(
    (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { table: 'person', row: { ids: ['a/b ü?'] } },
    { table: 'events', row: { event: 'x' } },
  ]);
  expect(asked).toEqual([['export', 'a/b ü?', 'shop']]);
});

it('deletes, and says what was removed', async () => {
  const { app, asked } = make();
  const answer = await app.request('/api/people/ada', { method: 'DELETE' });
  expect(await answer.json()).toEqual({ success: true, removed: { events: 3 } });
  expect(asked).toEqual([['delete', 'ada', undefined]]);
});

it('says what is wrong, and nothing of the inside', async () => {
  const { app } = make();
  const ask = async (path: string, method = 'DELETE') => {
    const answer = await app.request(path, { method });
    return [answer.status, ((await answer.json()) as { error: object }).error];
  };
  expect(await ask('/api/people/null/export', 'GET')).toEqual([
    400,
    { code: 'invalid_id', field: 'id', message: 'stands for nobody' },
  ]);
  expect(await ask('/api/people/x?project=none')).toMatchObject([
    404,
    { code: 'invalid_field', field: 'project' },
  ]);
  expect(await ask('/api/people/busy')).toMatchObject([503, { code: 'loader_behind' }]);
  const [status, error] = await ask('/api/people/away');
  expect([status, JSON.stringify(error)]).toEqual([503, expect.not.stringContaining('127.0.0.1')]);
});
