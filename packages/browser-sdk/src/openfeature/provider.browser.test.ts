import { type Hook, OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { startVariantsSite, type VariantsSite } from '../../test/variants-site.ts';
import { definitionsOf, halves } from '../testing/halves.ts';
import { createProvider } from './index.ts';

let site: VariantsSite;

beforeEach(async () => {
  site = await startVariantsSite();
});
afterEach(async () => {
  await OpenFeature.clearProviders();
  await OpenFeature.clearContexts();
  OpenFeature.clearHandlers();
});

const definitions = definitionsOf(
  { checkout: halves() },
  {
    flags: {
      color: {
        type: 'string',
        enabled: true,
        rules: [{ experiment: 'checkout', values: { treatment: 'green' } }],
      },
      banner: {
        type: 'boolean',
        enabled: true,
        default: false,
        rules: [{ if: { attribute: 'plan', op: 'equals', value: 'pro' }, value: true }],
      },
    },
  },
);
const bootstrap = { definitions, anonymousId: 'user-2' };
const heard = (event: ProviderEvents): Promise<unknown> =>
  new Promise((resolve) => {
    OpenFeature.addHandler(event, resolve);
  });

it('evaluates flags and experiments with reasons, records what is used, and tracks', async () => {
  await commands.serveDefinitions(site.host, definitions);
  const analytics = (await site.open()).start({ bootstrap });
  await OpenFeature.setProviderAndWait(createProvider(analytics));
  const client = OpenFeature.getClient();
  const seen: string[] = [];
  const hook: Hook = {
    after: (_context, { flagKey, value }) => void seen.push(`${flagKey} ${String(value)}`),
  };
  client.addHooks(hook);
  expect(client.getStringDetails('color', 'none')).toMatchObject({
    value: 'green',
    variant: 'treatment',
    reason: 'SPLIT',
    flagMetadata: { reason: 'split', version: 1, experiment: 'checkout', phase: 1 },
  });
  expect(client.getStringValue('checkout', 'none')).toBe('treatment');
  expect(client.getNumberDetails('color', 3)).toMatchObject({ value: 3, errorCode: 'TYPE_MISMATCH' });
  expect(client.getBooleanDetails('nowhere', true)).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  });
  expect(seen).toEqual(['color green', 'checkout treatment']);
  client.track('Order Completed', { value: 42 });
  expect(await site.exposures(analytics)).toHaveLength(1);
  const { batches } = await commands.readCollector(site.host, 0);
  const events = batches.flatMap(({ body }) => body.batch);
  expect(events.find(({ event }) => event === 'Order Completed')).toMatchObject({
    anonymousId: 'user-2',
    properties: { value: 42 },
  });
});

it('takes the context as attributes, and forgets what it has no longer', async () => {
  await commands.serveDefinitions(site.host, definitions);
  const analytics = (await site.open()).start({ bootstrap });
  await OpenFeature.setProviderAndWait(createProvider(analytics), { plan: 'pro' });
  const client = OpenFeature.getClient();
  expect(client.getBooleanValue('banner', false)).toBe(true);
  await OpenFeature.setContext({ country: 'CH' });
  expect(client.getBooleanValue('banner', true)).toBe(false);
});

it('tells of new definitions, and of a page that is offline', async () => {
  const changed = heard(ProviderEvents.ConfigurationChanged);
  await commands.serveDefinitions(
    site.host,
    definitionsOf({ checkout: halves({}, 'treatment') }, { version: 2 }),
  );
  const analytics = (await site.open()).start({ bootstrap });
  await OpenFeature.setProviderAndWait(createProvider(analytics));
  await changed;
  const client = OpenFeature.getClient();
  expect(client.getStringDetails('checkout', '').flagMetadata).toMatchObject({ version: 2 });
  const stale = heard(ProviderEvents.Stale);
  window.dispatchEvent(new Event('offline'));
  await stale;
  expect(client.providerStatus).toBe('STALE');
  expect(client.getStringValue('checkout', 'none')).toBe('control');
  window.dispatchEvent(new Event('online'));
  await expect.poll(() => client.providerStatus).toBe('READY');
});

it('is in error without definitions, and gives what the caller says', async () => {
  const analytics = (await site.open()).start();
  await expect(OpenFeature.setProviderAndWait(createProvider(analytics))).rejects.toThrow('no definitions');
  expect(OpenFeature.getClient().getBooleanValue('banner', true)).toBe(true);
});
