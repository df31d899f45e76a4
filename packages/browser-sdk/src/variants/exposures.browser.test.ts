import { beforeEach, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { startVariantsSite, type VariantsSite } from '../../test/variants-site.ts';
import { definitionsOf, halves } from '../testing/halves.ts';

let site: VariantsSite;

beforeEach(async () => {
  site = await startVariantsSite();
});

const definitions = definitionsOf(
  { checkout: halves(), pricing: halves({ unitType: 'userId' }) },
  {
    version: 7,
    flags: { color: { type: 'string', enabled: true, rules: [{ experiment: 'checkout' }] } },
  },
);
const bootstrap = { definitions, anonymousId: 'user-2' };

it('says at the first use what the unit got, and why', async () => {
  const client = (await site.open()).start({ bootstrap });
  client.getVariant('checkout');
  const [exposure] = await site.exposures(client);
  expect(exposure).toMatchObject({
    type: 'track',
    anonymousId: 'user-2',
    sessionId: client.ids().sessionId,
    properties: {
      experiment: 'checkout',
      phase: 1,
      variant: 'treatment',
      unit: 'user-2',
      unitType: 'anonymousId',
      bucketingVersion: 1,
      reason: 'split',
      definitionsVersion: 7,
    },
  });
});

it('is one a session, whatever calls, pages and tabs there are', async () => {
  const page = await site.open();
  const first = page.start({ bootstrap });
  for (let call = 0; call < 3; call++) first.getVariant('checkout');
  first.getFlag('color', 'none');
  const other = (await site.open()).start({ bootstrap });
  other.getVariant('checkout');
  expect(await site.exposures(first, other)).toHaveLength(1);
  await page.reload();
  const later = page.start({ bootstrap });
  later.getVariant('checkout');
  later.track('last');
  expect(await site.exposures(later)).toHaveLength(1);
});

it('is another for another user, another phase and another session', async () => {
  const page = await site.open();
  const client = page.start({ bootstrap });
  client.getVariant('checkout');
  client.identify('user-1');
  client.getVariant('checkout');
  client.getVariant('pricing');
  client.identify('user-2');
  client.getVariant('pricing');
  expect(await site.exposures(client)).toHaveLength(3);

  await page.reload();
  const phases = halves({}, 'control', 2).phases;
  const again = page.start({
    bootstrap: { ...bootstrap, definitions: definitionsOf({ checkout: halves({ phases }) }) },
  });
  again.getVariant('checkout');
  expect(await site.exposures(again)).toHaveLength(4);
  again.reset();
  again.getVariant('checkout');
  const exposures = await site.exposures(again);
  expect(exposures).toHaveLength(5);
  expect(new Set(exposures.map(({ sessionId }) => sessionId)).size).toBe(2);
});

it('is none for a look, for nobody, for what was set by hand, for a bot, and for who denied it', async () => {
  const page = await site.open('?human&millrace_force=checkout:treatment');
  const overrides = page.window.addressOverrides();
  const tried = page.start({ overrides, bootstrap: { definitions, anonymousId: 'user-1' } });
  expect(tried.getVariant('checkout')).toBe('treatment');
  tried.getVariant('pricing');
  tried.getVariant('nowhere');
  tried.setOverrides({});
  expect(tried.getDetails('checkout').variant).toBe('control');
  // On later pages of the tab it still holds.
  const later = await site.open();
  const next = later.start({ bootstrap, overrides: later.window.addressOverrides() });
  expect(next.getDetails('checkout').reason).toBe('forced');
  sessionStorage.clear();

  const bot = (await site.open('')).start({ bootstrap });
  expect(bot.getVariant('checkout')).toBe('control');
  const denied = (await site.open()).start({ bootstrap, consent: 'denied' });
  denied.getVariant('checkout');
  expect(await site.exposures(tried, next, bot)).toEqual([]);
});

it('is one of a page that was rendered beforehand once it is opened', async () => {
  const page = await site.open();
  let isPrerendered = true;
  Object.defineProperty(page.window.document, 'prerendering', { get: () => isPrerendered });
  const client = page.start({ bootstrap });
  client.getVariant('checkout');
  client.getVariant('checkout');
  expect(await site.exposures(client)).toEqual([]);
  isPrerendered = false;
  page.window.document.dispatchEvent(new Event('prerenderingchange'));
  expect(await site.exposures(client)).toHaveLength(1);
});

it('names an environment that is not production, whose exposures count nowhere', async () => {
  const client = (await site.open()).start({ bootstrap, environment: 'staging' });
  client.getVariant('checkout');
  expect((await site.exposures(client))[0]?.properties).toMatchObject({ environment: 'staging' });
});

it('arrives though the page is left in the same task', async () => {
  const page = await site.open();
  page.start({ bootstrap }).getVariant('checkout');
  await page.leave();
  const { batches } = await commands.readCollector(site.host, 1);
  expect(batches[0]?.body.batch.map(({ event }) => event)).toEqual(['$exposure']);
});

it('is there when flush says so, as before a redirect', async () => {
  const page = await site.open();
  const client = page.start({ bootstrap });
  client.getVariant('checkout');
  expect(await client.flush()).toBe(true);
  await page.leave();
  const { batches } = await commands.readCollector(site.host, 1);
  expect(batches).toHaveLength(1);
});

it('keeps no session alive that nothing else does', async () => {
  const page = await site.open();
  const client = page.start({ bootstrap });
  client.getVariant('checkout');
  const seenAt = () => {
    const [key = ''] = Object.keys(localStorage).filter((key) => key.endsWith(`${site.writeKey}.session`));
    return JSON.parse(localStorage.getItem(key) ?? '{}').to;
  };
  const begun = seenAt();
  expect(begun).toBeGreaterThan(0);
  const { now } = page.window.Date;
  page.window.Date.now = () => now() + 60_000;
  client.getVariant('checkout');
  expect(seenAt()).toBe(begun);
});
