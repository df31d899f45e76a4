import { InsightError } from '@millrace/warehouse-schema';
import { describe, expect, it } from 'vitest';
import { type AskInsight, insightsRoute } from './insights-route.ts';

const range = { from: '2026-11-01T00:00:00+00:00', to: '2026-11-02T00:00:00+00:00' };
const answer = { insight: 'trends', result: 1, range, queries: [], definition: '', notices: [] };
const answering: AskInsight = async () => ({ ...answer, freshness: { newestEvent: null, lagMs: null } });

const post = (ask: AskInsight, body: string, name = 'trends') =>
  insightsRoute(ask).request(`/api/insights/${name}`, { method: 'POST', body });

describe('POST /api/insights/<name>', () => {
  it('passes the name and the question on, and answers', async () => {
    const asked: unknown[] = [];
    const response = await post(async (...args) => {
      asked.push(args.slice(0, 2));
      return answering(...args);
    }, '{"a":1}');
    expect(asked).toEqual([['trends', { a: 1 }]]);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ success: true, ...answer });
  });

  it('names the field at fault, with the status that fits', async () => {
    const response = await post(async () => {
      throw new InsightError('invalid_question', 'no', '/steps/0');
    }, '{}');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      success: false,
      error: { code: 'invalid_question', field: '/steps/0', message: 'no' },
    });
  });

  it('refuses what is no JSON, what is too large, and other methods', async () => {
    expect((await post(answering, '{')).status).toBe(400);
    expect((await post(answering, `"${'x'.repeat(300_000)}"`)).status).toBe(413);
    const get = await insightsRoute(answering).request('/api/insights/trends');
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST');
  });

  it('lists the insights with their schemas', async () => {
    const list = await (await insightsRoute(answering).request('/api/insights')).json();
    expect(list.insights).toContainEqual({
      name: 'trends',
      schema: expect.objectContaining({ type: 'object' }),
    });
  });
});
