import { promisify } from 'node:util';
import { brotliCompress, deflate, deflateRaw, gzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../collector-limits.ts';
import { createFixture, trackEvent } from '../testing/collector-fixture.ts';

const json = JSON.stringify({ writeKey: 'wk_test', batch: [trackEvent()] });
const compress = {
  gzip: promisify(gzip),
  br: promisify(brotliCompress),
  deflate: promisify(deflate),
  deflateRaw: promisify(deflateRaw),
};

describe('a body', () => {
  it.each([
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['deflate', 'deflate'],
    ['deflate', 'deflateRaw'],
  ] as const)('in %s (%s) is decompressed', async (encoding, how) => {
    const { post, log } = createFixture();
    const body = await compress[how](json);
    const response = await post('/v1/batch', body, { headers: { 'content-encoding': encoding } });
    expect(response.status).toBe(200);
    expect(log.rows()).toHaveLength(1);
  });

  it('may name its encoding in the query, so that it needs no preflight', async () => {
    const { post, log } = createFixture();
    const response = await post('/v1/batch?encoding=gzip', await compress.gzip(json), {
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(200);
    expect(log.rows()).toHaveLength(1);
  });

  it('that is not in the encoding it names is a 400', async () => {
    const { post } = createFixture();
    const response = await post('/v1/batch', json, { headers: { 'content-encoding': 'gzip' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'malformed_encoding' } });
  });

  it('in an unknown encoding is a 415', async () => {
    const { post } = createFixture();
    const response = await post('/v1/batch', json, { headers: { 'content-encoding': 'compress' } });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_encoding' } });
  });

  it.each(['gzip', 'br', 'deflate'] as const)('that is a bomb in %s is a 413', async (encoding) => {
    const { post } = createFixture();
    const bomb = await compress[encoding](Buffer.alloc(50_000_000, 0x20));
    expect(bomb.length).toBeLessThan(DEFAULT_LIMITS.maxBatchBytes);
    const response = await post('/v1/batch', bomb, { headers: { 'content-encoding': encoding } });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'text/plain', 'text/plain;charset=UTF-8'])(
    'of type %s is read',
    async (type) => {
      const { post } = createFixture();
      expect((await post('/v1/batch', json, { headers: { 'content-type': type } })).status).toBe(200);
    },
  );

  it.each(['application/x-www-form-urlencoded', 'text/html', 'application/json; charset=latin1'])(
    'of type %s is a 415 that says what to do',
    async (type) => {
      const { post } = createFixture();
      const response = await post('/v1/batch', json, { headers: { 'content-type': type } });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({
        error: { field: 'content-type', message: expect.stringContaining('application/json') },
      });
    },
  );

  it('may begin with a byte order mark', async () => {
    const { post } = createFixture();
    expect((await post('/v1/batch', `\ufeff${json}`)).status).toBe(200);
  });

  it.each([
    ['', 'malformed_json'],
    ['{"batch":', 'malformed_json'],
    ['not json', 'malformed_json'],
    ['[]', 'malformed_body'],
    ['null', 'malformed_body'],
    ['"text"', 'malformed_body'],
    ['['.repeat(250_000), 'malformed_json'],
    ['['.repeat(250_000) + ']'.repeat(250_000), 'malformed_body'],
  ])('of %.20s is a 400', async (body, code) => {
    const { post } = createFixture();
    const response = await post('/v1/batch', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ success: false, error: { code } });
  });

  it('over the limit is a 413', async () => {
    const { post } = createFixture();
    const response = await post('/v1/batch', `${' '.repeat(DEFAULT_LIMITS.maxBatchBytes)}${json}`);
    expect(response.status).toBe(413);
  });

  it('that finds no room among the others is a 503', async () => {
    let letIn = () => {};
    const gate = new Promise<undefined>((resolve) => (letIn = () => resolve(undefined)));
    const { app, post } = createFixture({ limits: { ...DEFAULT_LIMITS, maxInFlightBytes: 1000 } });
    const slow = app.request('/v1/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        async pull(controller) {
          await gate;
          controller.enqueue(Buffer.from(json));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    const refused = await post('/v1/batch', json);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    letIn();
    expect((await slow).status).toBe(200);
    expect((await post('/v1/batch', json)).status).toBe(200);
  });
});
