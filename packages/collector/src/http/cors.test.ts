import { describe, expect, it } from 'vitest';
import { createFixture } from '../testing/collector-fixture.ts';

describe('CORS', () => {
  it.each(['/v1/batch', '/v1/b', '/v1/t', '/v1/identify', '/track'])(
    'answers the preflight of %s',
    async (path) => {
      const { app } = createFixture();
      const response = await app.request(path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://shop.example.com',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
      expect(response.headers.get('access-control-allow-methods')).toContain('POST');
      expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThanOrEqual(7200);
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  it('lets any page read the answer, refusals included', async () => {
    const { post } = createFixture();
    const accepted = await post('/v1/batch', { batch: [], writeKey: 'wk_test' });
    const refused = await post('/v1/batch', { batch: [] });
    expect(accepted.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.headers.get('access-control-expose-headers')).toBe('etag, retry-after');
  });
});
