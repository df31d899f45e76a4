import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { CollectorDeps } from '../collector-deps.ts';
import { DEFAULT_LIMITS } from '../collector-limits.ts';
import { createFixture, trackEvent } from '../testing/collector-fixture.ts';
import { type HttpServer, startHttpServer } from './server.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function startCollector(overrides: Partial<CollectorDeps> = {}, closeTimeoutMs = 1_000) {
  const fixture = createFixture(overrides);
  const server = await startHttpServer({ app: fixture.app, host: '127.0.0.1', port: 0, closeTimeoutMs });
  open.push(server);
  return { ...fixture, server };
}

/** Everything that the server sends until it closes the connection or, with `until`, says that. */
async function readAll(socket: Socket, until?: string): Promise<string> {
  let text = '';
  for await (const chunk of socket) {
    text += chunk;
    if (until !== undefined && text.includes(until)) break;
  }
  return text;
}

async function openSocket(server: HttpServer): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

const body = JSON.stringify({ writeKey: 'wk_test', batch: [trackEvent()] });
const head = (length: number): string =>
  `POST /v1/batch HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
const post = (server: HttpServer, init: RequestInit) =>
  fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
    body: init.body ?? null,
  });

describe('the server', () => {
  it('takes events over a real connection, and knows the client by its socket', async () => {
    const { server, log } = await startCollector();
    expect((await post(server, { body })).status).toBe(200);
    expect(log.rows()).toMatchObject([{ message_id: 'm1', ip: '127.0.0.0' }]);
    const short = await fetch(`${server.url}/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"user_id":"u","event_type":"signup"}',
    });
    expect(await short.json()).toEqual({ success: true, event_id: 'made-1' });
  });

  it('answers 408 to a body that does not come in time, and closes', async () => {
    const { server, log } = await startCollector({ limits: { ...DEFAULT_LIMITS, bodyTimeoutMs: 50 } });
    const socket = await openSocket(server);
    socket.write(`${head(body.length)}${body.slice(0, 10)}`);
    const answer = await readAll(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"code":"body_timeout"');
    expect(log.records).toHaveLength(0);
  });

  it('answers 413 to a body of 10 MB that says how long it is', async () => {
    const { server } = await startCollector();
    const response = await post(server, { body: 'x'.repeat(10_000_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
    expect((await post(server, { body })).status).toBe(200);
  });

  it('answers 413 to an endless body in chunks', async () => {
    const { server } = await startCollector();
    const socket = await openSocket(server);
    socket.on('error', () => {});
    socket.write(head(0).replace('content-length: 0', 'transfer-encoding: chunked'));
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
    expect(await readAll(socket, 'body_too_large')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers 413 to a gzip bomb', async () => {
    const { server } = await startCollector();
    const bomb = await promisify(gzip)(Buffer.alloc(100_000_000));
    const response = await post(server, {
      body: new Uint8Array(bomb),
      headers: { 'content-encoding': 'gzip' },
    });
    expect(response.status).toBe(413);
  });

  it('answers 431 to headers that are too large', async () => {
    const { server } = await startCollector();
    const response = await post(server, { body, headers: { 'x-large': 'x'.repeat(20_000) } });
    expect(response.status).toBe(431);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      success: false,
      error: { code: 'headers_too_large', message: 'expected headers of at most 16 KB in all' },
    });
  });

  it('answers 400 to what is no HTTP, and closes', async () => {
    const { server } = await startCollector();
    const socket = await openSocket(server);
    socket.write('hello\r\n\r\n');
    const answer = await readAll(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      success: false,
      error: { code: 'malformed_request' },
    });
  });

  it('outlives a client that leaves in the middle of its body', async () => {
    const { server, log } = await startCollector();
    const socket = await openSocket(server);
    socket.write(`${head(body.length)}${body.slice(0, 10)}`);
    socket.destroy();
    await once(socket, 'close');
    expect((await post(server, { body })).status).toBe(200);
    expect(log.rows()).toHaveLength(1);
  });

  it('answers what is under way when it closes, takes nothing more, and waits no longer', async () => {
    const { server, log } = await startCollector({}, 60_000);
    let stored = () => {};
    const appending = new Promise<void>((started) => {
      log.append = () => {
        started();
        return new Promise<void>((resolve) => (stored = resolve));
      };
    });
    const answer = post(server, { body });
    await appending;
    const closing = server.close();
    await expect(post(server, { body })).rejects.toThrow();
    stored();
    expect((await answer).status).toBe(200);
    await closing;
  });

  it('cuts off what outlasts its time to close', async () => {
    const { server, log } = await startCollector({}, 50);
    const appending = new Promise<void>((started) => {
      log.append = () => {
        started();
        return new Promise<void>(() => {});
      };
    });
    const answer = post(server, { body });
    const outcome = expect(answer).rejects.toThrow();
    await appending;
    await server.close();
    await outcome;
  });

  it('rejects with the system error when the port is taken', async () => {
    const { server, app } = await startCollector();
    await expect(startHttpServer({ app, host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
