import { describe, expect, it } from 'vitest';
import { createFixture, trackEvent } from '../testing/collector-fixture.ts';

describe('a request that no route takes', () => {
  it.each(['/v1', '/v1/', '/v1/batch/', '/v1/none', '/v1/track/more', '/track/'])(
    'to %s is answered 404 as JSON',
    async (path) => {
      const { app, post, log } = createFixture();
      const answers = [
        await post(path, { batch: [trackEvent()], writeKey: 'wk_test' }),
        await app.request(path),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toBe('application/json');
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
        expect(await answer.json()).toEqual({
          success: false,
          error: { code: 'unknown_route', message: `expected a route such as /v1/batch, got ${path}` },
        });
      }
      expect(log.records).toHaveLength(0);
    },
  );

  it.each([
    ['GET', '/v1/batch'],
    ['PUT', '/v1/b'],
    ['DELETE', '/v1/track'],
    ['GET', '/track'],
  ])('%s %s is answered 405 with what is allowed', async (method, path) => {
    const answer = await createFixture().app.request(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await answer.json()).toEqual({
      success: false,
      error: { code: 'method_not_allowed', message: 'expected POST' },
    });
  });
});
