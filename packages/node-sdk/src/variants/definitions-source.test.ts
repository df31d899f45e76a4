import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnalytics as createEdgeAnalytics } from '../edge.ts';
import { type Analytics, createAnalytics } from '../index.ts';
import { type DefinitionsServer, startDefinitionsServer } from '../testing/definitions-server.ts';
import { definitions, experiment } from '../testing/sample-definitions.ts';

let server: DefinitionsServer;
const clients: Analytics[] = [];

beforeEach(async () => {
  server = await startDefinitionsServer(definitions(1));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await server.close();
});

const setUp = (variants: object | null = {}, options: object = {}): Analytics => {
  const client = createAnalytics({
    writeKey: 'sk_test',
    host: server.url,
    flushAtExit: false,
    gzip: false,
    ...(variants && { variants }),
    ...options,
  });
  clients.push(client);
  return client;
};
const next = (client: Analytics, name: 'definitions' | 'stale'): Promise<unknown> =>
  new Promise((resolve) => {
    const stop = client.on(name, (news) => {
      stop();
      resolve(news);
    });
  });
describe('definitions', () => {
  it('are loaded with the key in a header, and evaluated for one visitor', async () => {
    const client = setUp({ environment: 'staging', push: false });
    const early = client.for({ anonymousId: 'a' });
    expect(early.getVariant('checkout')).toBe('control');
    expect(early.getDetails('checkout')).toMatchObject({ reason: 'not_ready', version: 0 });
    expect(await client.variantsReady()).toBe(true);
    expect(early.getVariant('checkout')).toBe('one_page');
    expect(early.getFlag('limit', 1)).toBe(3);
    expect(server.seen).toEqual([
      {
        path: '/v1/definitions',
        query: '?environment=staging',
        authorization: 'Bearer sk_test',
        status: 200,
      },
    ]);
  });

  it('are not asked for by a client that uses none', async () => {
    const client = setUp(null);
    client.track('Viewed', {}, { userId: 'ada' });
    await client.flush();
    expect(server.seen.map(({ path }) => path)).toEqual(['/v1/batch']);
    expect(await client.variantsReady()).toBe(true);
  });

  it('change as the collector tells, which nobody waits for', async () => {
    const client = setUp();
    await client.variantsReady();
    const changed = next(client, 'definitions');
    server.set(definitions(2, 'two_pages'));
    expect(await changed).toEqual({ version: 2 });
    expect(client.for({ anonymousId: 'a' }).getVariant('checkout')).toBe('two_pages');
  });

  it('are asked for again with the ETag, and after a failure stay as they are', async () => {
    const client = setUp({ push: false, pollIntervalMs: 1_000 });
    await client.variantsReady();
    await server.asked();
    expect(server.seen.map(({ status }) => status)).toEqual([200, 304]);
    const stale = next(client, 'stale');
    server.fail(503);
    expect(await stale).toMatchObject({ status: 503 });
    expect(client.for({ anonymousId: 'a' }).getVariant('checkout')).toBe('one_page');
    const back = next(client, 'definitions');
    server.fail(200);
    expect(await back).toEqual({ version: 1 });
  });

  it('are followed again after the stream was cut', async () => {
    const client = setUp();
    await client.variantsReady();
    server.fail(500);
    server.set(definitions(2, 'two_pages'));
    // Nobody is told while the stream is cut; the client finds out by itself once it connects again.
    server.fail(200);
    expect(await next(client, 'definitions')).toEqual({ version: 2 });
  });

  it('come from the bootstrap without a collector, and patterns are made ready', async () => {
    server.fail(503);
    const own = definitions(7);
    own.experiments.checkout = experiment('b', { if: { attribute: 'email', op: 'matches', value: '@ex.*' } });
    const client = setUp({ bootstrap: own });
    expect(await client.variantsReady()).toBe(true);
    const visitor = client.for({ anonymousId: 'a', attributes: { email: 'ada@example.com' } });
    expect(visitor.getVariant('checkout')).toBe('b');
  });

  it('of a later format are left, those that are here stay', async () => {
    const client = setUp({ push: false, pollIntervalMs: 1_000 });
    await client.variantsReady();
    server.set({ ...definitions(9), format: 2 });
    expect(await next(client, 'stale')).toMatchObject({ message: expect.stringContaining('format 1') });
    expect(client.for({ anonymousId: 'a' }).getVariant('checkout')).toBe('one_page');
  });

  it('that cannot be had: false at the deadline, control and fallbacks', async () => {
    server.fail(401);
    const client = setUp();
    expect(await client.variantsReady({ timeoutMs: 50 })).toBe(false);
    expect(client.for({ anonymousId: 'a' }).getFlag('limit', 1)).toBe(1);
  });

  it.each([
    ['variants.environment', { environment: '' }],
    ['variants.pollIntervalMs', { pollIntervalMs: 10 }],
    ['variants.push', { push: 'yes' }],
    ['variants.bootstrap', { bootstrap: { format: 2 } }],
    ['variants.sticky', { sticky: {} }],
  ])('name the option %s that cannot be used', (option, bad) => {
    expect(() => setUp(bad)).toThrow(expect.objectContaining({ option }));
  });
});

it('at the edge a use that finds them old looks for new ones, and the runtime waits', async () => {
  const waited: Promise<unknown>[] = [];
  const client = createEdgeAnalytics({
    writeKey: 'sk_test',
    host: server.url,
    gzip: false,
    waitUntil: (work) => waited.push(work),
  });
  expect(client.for({ anonymousId: 'a' }).getVariant('checkout')).toBe('control');
  expect(waited).toHaveLength(1);
  await waited[0];
  expect(client.for({ anonymousId: 'a' }).getVariant('checkout')).toBe('one_page');
  await Promise.all(waited);
  expect(server.seen.map(({ path }) => path)).toEqual(['/v1/definitions', '/v1/batch']);
  expect(server.streams).toBe(0);
  await client.close();
});
