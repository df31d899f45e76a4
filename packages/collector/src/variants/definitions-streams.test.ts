import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHttpServer } from '../http/server.ts';
import { createFixture } from '../testing/collector-fixture.ts';
import { createFakeDefinitions } from '../testing/fake-definitions.ts';
import { SAMPLE } from '../testing/sample-definitions.ts';
import { createDefinitionsStreams } from './definitions-streams.ts';

const decoder = new TextDecoder();

function open(options: Partial<Parameters<typeof createDefinitionsStreams>[0]> = {}) {
  const source = createFakeDefinitions();
  source.put(SAMPLE);
  const streams = createDefinitionsStreams({ source, maxStreams: 3, random: () => 0.5, ...options });
  return { source, streams };
}

/** The next chunk as text; undefined at the end. */
async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> {
  const { value } = await reader.read();
  return value && decoder.decode(value);
}

describe('streams of definitions', () => {
  it('say the version on connect, and at each change of that project and environment alone', async () => {
    const { source, streams } = open();
    const reader = streams.open(7, 'production').getReader();
    expect(await next(reader)).toBe('retry: 3000\n\nevent: definitions\ndata: {"version":3}\n\n');
    source.put({ ...SAMPLE, version: 8 }, 1);
    source.put({ ...SAMPLE, version: 9, environment: 'staging' });
    source.put({ ...SAMPLE, version: 4 });
    expect(await next(reader)).toBe('event: definitions\ndata: {"version":4}\n\n');
  });

  it('say version 0 where there is no document', async () => {
    const { streams } = open();
    expect(await next(streams.open(7, 'other').getReader())).toContain('{"version":0}');
  });

  it('hold nothing once everyone has left', async () => {
    const { source, streams } = open();
    const readers = [1, 2, 3].map(() => streams.open(7, 'production').getReader());
    expect([streams.count(), source.listeners()]).toEqual([3, 1]);
    for (const reader of readers) await reader.cancel();
    expect([streams.count(), source.listeners()]).toEqual([0, 0]);
    const reader = streams.open(7, 'production').getReader();
    await next(reader);
    source.put({ ...SAMPLE, version: 5 });
    expect(await next(reader)).toContain('{"version":5}');
  });

  it('are refused beyond as many as there may be, until one is let go', async () => {
    const { streams } = open();
    const readers = [1, 2, 3].map(() => streams.open(7, 'production').getReader());
    expect(() => streams.open(7, 'production')).toThrow(
      expect.objectContaining({ status: 503, retryAfterMs: 30_000 }),
    );
    await readers[0]?.cancel();
    expect(streams.open(7, 'production')).toBeInstanceOf(ReadableStream);
  });

  it('let go of a client that reads nothing, and of no other', async () => {
    const { source, streams } = open();
    const idle = streams.open(7, 'production');
    const reader = streams.open(7, 'production').getReader();
    await next(reader);
    for (let version = 4; version < 40; version++) {
      source.put({ ...SAMPLE, version });
      expect(await next(reader)).toContain(`{"version":${version}}`);
    }
    expect(streams.count()).toBe(1);
    let unread = 0;
    for await (const _ of idle as unknown as AsyncIterable<Uint8Array>) unread++;
    expect(unread).toBeLessThan(20);
  });

  it('end when the server stops, and no more are opened', async () => {
    const stopping = new AbortController();
    const { source, streams } = open({ signal: stopping.signal });
    const reader = streams.open(7, 'production').getReader();
    await next(reader);
    stopping.abort();
    expect(await next(reader)).toBeUndefined();
    expect([streams.count(), source.listeners()]).toEqual([0, 0]);
    expect(() => streams.open(7, 'production')).toThrow(expect.objectContaining({ status: 503 }));
  });

  describe('on their clock', () => {
    beforeEach(() => vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());

    it('send a comment every 25 seconds', async () => {
      const { streams } = open();
      const reader = streams.open(7, 'production').getReader();
      await next(reader);
      vi.advanceTimersByTime(25_000);
      expect(await next(reader)).toBe(':\n\n');
      await reader.cancel();
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});

describe('GET /v1/definitions/stream over a real connection', () => {
  it('reaches the client at once, without a further request, and does not hold up the end of the server', async () => {
    const stopping = new AbortController();
    const { app, definitions } = createFixture({ stopping: stopping.signal });
    definitions.put(SAMPLE);
    const server = await startHttpServer({ app, host: '127.0.0.1', port: 0, closeTimeoutMs: 60_000 });
    const url = `${server.url}/v1/definitions/stream?writeKey=wk_test`;
    const [leaving, staying] = await Promise.all([fetch(url), fetch(url)]);
    expect(staying.headers.get('content-type')).toBe('text/event-stream');
    expect(staying.headers.get('access-control-allow-origin')).toBe('*');

    const reader = (staying.body as ReadableStream<Uint8Array>).getReader();
    expect(await next(reader)).toContain('{"version":3}');
    definitions.put({ ...SAMPLE, version: 4 });
    expect(await next(reader)).toBe('event: definitions\ndata: {"version":4}\n\n');

    await leaving.body?.cancel();
    stopping.abort();
    expect(await next(reader)).toBeUndefined();
    await server.close();
    expect(definitions.listeners()).toBe(0);
  });

  it('forgets clients that hang up, and answers HEAD without a stream', async () => {
    const { app, definitions } = createFixture();
    const server = await startHttpServer({ app, host: '127.0.0.1', port: 0 });
    const url = `${server.url}/v1/definitions/stream?writeKey=wk_test`;
    await fetch(url, { method: 'HEAD' });
    expect(definitions.listeners()).toBe(0);
    const sockets = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.write('GET /v1/definitions/stream?writeKey=wk_test HTTP/1.1\r\nhost: localhost\r\n\r\n');
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(definitions.listeners()).toBe(1);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(() => expect(definitions.listeners()).toBe(0), { timeout: 10_000 });
    await server.close();
  });
});
