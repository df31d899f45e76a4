import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Analytics, createAnalytics } from '../index.ts';
import { startDefinitionsServer } from '../testing/definitions-server.ts';
import { type RecordingCollector, startRecordingCollector } from '../testing/recording-collector.ts';
import { definitions } from '../testing/sample-definitions.ts';
import { analyticsScope as expressScope } from './express.ts';
import { analyticsScope as fastifyScope } from './fastify.ts';
import { analyticsScope as honoScope } from './hono.ts';

let collector: RecordingCollector;
let analytics: Analytics;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  collector = await startRecordingCollector();
  analytics = createAnalytics({ writeKey: 'wk', host: collector.url, flushAtExit: false });
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await collector.close();
});

/** What a route does: all of it after an `await`, and without a word of whom it is of. */
const handle = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
  use();
};
let use = (): unknown => analytics.track('Viewed');
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const options = { writeKey: 'wk', stickyCookie: true, mayForce: () => true };
const user = (header: unknown) => ({ userId: String(header) });

const frameworks: { [name: string]: () => Promise<number> } = {
  async express() {
    const app = express();
    app.use(expressScope({ ...options, identify: (request) => user(request.headers['x-user']) }));
    app.get('/shop', (_request, response) => void handle().then(() => response.sendStatus(204)));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    return portOf(server);
  },
  async fastify() {
    const app = fastify();
    await app.register(fastifyScope, {
      ...options,
      identify: (request) => user(request.headers['x-user']),
    });
    app.get('/shop', async (_request, reply) => {
      await handle();
      return reply.status(204).send();
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    closers.push(() => app.close());
    return portOf(app.server);
  },
  async hono() {
    const app = new Hono();
    app.use(honoScope({ ...options, identify: (context) => user(context.req.header('x-user')) }));
    app.get('/shop', async (context) => {
      await handle();
      return context.body(null, 204);
    });
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await once(server, 'listening');
    closers.push(() => server.close());
    return portOf(server);
  },
};

it.each(Object.keys(frameworks))('%s: an event is of the visitor of its request', async (name) => {
  const port = await (frameworks[name] as () => Promise<number>)();
  const visit = async (i: number): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}/shop?page=${i}`, {
      headers: {
        cookie: `other=1; millrace_wk=${encodeURIComponent(`anon ${i}`)}:mb2k7`,
        'user-agent': `browser ${i}`,
        'accept-language': 'de-CH,de;q=0.9',
        'x-user': `user-${i}`,
      },
    });
    expect(response.status).toBe(204);
  };
  await Promise.all(Array.from({ length: 20 }, (_, i) => visit(i)));
  await analytics.flush();
  expect(analytics.losses()).toEqual({});
  const byUser = new Map(collector.taken.map((event) => [event.userId, event]));
  expect(byUser.size).toBe(20);
  for (let i = 0; i < 20; i++) {
    expect(byUser.get(`user-${i}`)).toMatchObject({
      anonymousId: `anon ${i}`,
      context: { userAgent: `browser ${i}`, locale: 'de-CH', page: { path: '/shop', search: `?page=${i}` } },
    });
  }
});

it.each(Object.keys(frameworks))(
  '%s: variants are those of the visitor, and stay by a cookie',
  async (name) => {
    const server = await startDefinitionsServer(definitions(1));
    closers.push(() => server.close());
    const client = createAnalytics({ writeKey: 'wk', host: server.url, flushAtExit: false, gzip: false });
    closers.push(() => client.close());
    await client.variantsReady();
    const seen: string[] = [];
    use = () => seen.push(`${client.getVariant('sticky')} ${client.getDetails('sticky').reason}`);
    const port = await (frameworks[name] as () => Promise<number>)();
    const visit = async (query: string, headers: { [name: string]: string }): Promise<string> => {
      const response = await fetch(`http://127.0.0.1:${port}/shop${query}`, {
        headers: { 'x-user': 'ada', ...headers },
      });
      return response.headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const cookie = 'millrace_wk=a';
    const kept = await visit('', { cookie });
    expect(kept).toMatch(/^millrace_wk\.sticky=sticky%3A/);
    expect(await visit('', { cookie: `${cookie}; ${kept}` })).toBe('');
    expect(await visit('?millrace_force=sticky:other', { cookie })).toBe('');
    expect(await visit('', { cookie: 'millrace_wk=ahead', 'sec-purpose': 'prefetch;prerender' })).toBe('');
    expect(seen).toEqual(['one_page sticky', 'one_page sticky', 'other forced', 'one_page split']);
    await client.flush();
    expect(server.taken.map(({ anonymousId, userId }) => [anonymousId, userId])).toEqual([['a', 'ada']]);
  },
);
