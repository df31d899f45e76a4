import { type Hook, OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Analytics, createAnalytics } from '../index.ts';
import { type DefinitionsServer, startDefinitionsServer } from '../testing/definitions-server.ts';
import { definitions } from '../testing/sample-definitions.ts';
import { createProvider } from './index.ts';

let server: DefinitionsServer;
let analytics: Analytics;

beforeEach(async () => {
  server = await startDefinitionsServer(definitions(1));
  analytics = createAnalytics({
    writeKey: 'sk_test',
    host: server.url,
    flushAtExit: false,
    gzip: false,
    variants: { pollIntervalMs: 1_000 },
  });
});
afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
  await analytics.close();
  await server.close();
});

const setUp = async () => {
  await OpenFeature.setProviderAndWait(createProvider(analytics));
  return OpenFeature.getClient();
};
const heard = (event: ProviderEvents): Promise<unknown> =>
  new Promise((resolve) => {
    OpenFeature.addHandler(event, resolve);
  });

it('evaluates flags and experiments, with reasons, and records what is used', async () => {
  const client = await setUp();
  const ada = { targetingKey: 'ada', plan: 'pro' };
  expect(await client.getNumberValue('limit', 1, ada)).toBe(3);
  expect(await client.getStringDetails('checkout', 'none', ada)).toMatchObject({
    value: 'one_page',
    variant: 'one_page',
    reason: 'SPLIT',
    flagMetadata: { reason: 'split', version: 1, experiment: 'checkout', phase: 1 },
  });
  expect(await client.getStringValue('pro', 'none', ada)).toBe('on');
  expect(await client.getBooleanDetails('limit', true, ada)).toMatchObject({
    value: true,
    reason: 'ERROR',
    errorCode: 'TYPE_MISMATCH',
  });
  expect(await client.getStringDetails('nowhere', 'mine', ada)).toMatchObject({
    value: 'mine',
    errorCode: 'FLAG_NOT_FOUND',
  });
  await analytics.flush();
  expect(
    server.taken.map(({ event, userId, properties }) => [event, userId, properties?.experiment]),
  ).toEqual([
    ['$exposure', 'ada', 'checkout'],
    ['$exposure', 'ada', 'pro'],
  ]);
});

it('runs hooks of the site around an evaluation', async () => {
  const client = await setUp();
  const seen: string[] = [];
  const hook: Hook = {
    before: () => ({ plan: 'pro' }),
    after: (_context, details) => {
      seen.push(`after ${JSON.stringify(details.value)}`);
    },
    finally: () => void seen.push('finally'),
  };
  client.addHooks(hook);
  expect(await client.getStringValue('pro', 'none', { targetingKey: 'ada' })).toBe('on');
  expect(seen).toEqual(['after "on"', 'finally']);
});

it('tracks', async () => {
  const client = await setUp();
  client.track('Order Completed', { targetingKey: 'ada', anonymousId: 'a' }, { value: 42, currency: 'EUR' });
  await analytics.flush();
  expect(server.taken).toMatchObject([
    {
      type: 'track',
      event: 'Order Completed',
      anonymousId: 'a',
      userId: 'ada',
      properties: { value: 42, currency: 'EUR' },
    },
  ]);
});

it('tells of changes, of a collector that is away, and of its return', async () => {
  const changed = heard(ProviderEvents.ConfigurationChanged);
  const stale = heard(ProviderEvents.Stale);
  const client = await setUp();
  server.set(definitions(2, 'two_pages'));
  await changed;
  expect(await client.getStringValue('checkout', 'none', { targetingKey: 'ada' })).toBe('two_pages');
  server.fail(503);
  await stale;
  expect(client.providerStatus).toBe('STALE');
  expect(await client.getStringValue('checkout', 'none', { targetingKey: 'ada' })).toBe('two_pages');
  const ready = new Promise((resolve) => {
    analytics.on('definitions', resolve);
  });
  server.fail(200);
  await ready;
  expect(client.providerStatus).toBe('READY');
});

it('is in error without definitions, gives what the caller says, and recovers by itself', async () => {
  server.fail(503);
  const provider = createProvider(analytics, { timeoutMs: 10 });
  await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow('no definitions after 10 ms');
  const client = OpenFeature.getClient();
  expect(await client.getBooleanValue('limit', true)).toBe(true);
  const ready = heard(ProviderEvents.Ready);
  server.fail(200);
  await ready;
  expect(await client.getNumberValue('limit', 1, { targetingKey: 'ada' })).toBe(3);
});
