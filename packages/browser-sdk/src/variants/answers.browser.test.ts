import { beforeEach, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { nextChange, startVariantsSite, type VariantsSite } from '../../test/variants-site.ts';
import { definitionsOf, halves } from '../testing/halves.ts';

let site: VariantsSite;

beforeEach(async () => {
  site = await startVariantsSite();
});

const definitions = definitionsOf(
  { checkout: halves(), pricing: halves({ unitType: 'userId' }) },
  {
    flags: {
      color: {
        type: 'string',
        enabled: true,
        default: 'grey',
        rules: [{ experiment: 'checkout', values: { control: 'blue', treatment: 'green' } }],
      },
      banner: {
        type: 'string',
        enabled: true,
        rules: [{ if: { attribute: 'plan', op: 'equals', value: 'pro' }, value: 'Thank you' }],
      },
    },
  },
);

it('answers the first call of a page with a bootstrap, as the server did, and does not change it', async () => {
  await commands.serveDefinitions(site.host, { ...definitions, version: 2 });
  const page = await site.open();
  const client = page.start({ bootstrap: { definitions, anonymousId: 'user-2' } });
  expect(client.getVariant('checkout')).toBe('treatment');
  expect(client.getFlag('color', 'none')).toBe('green');
  expect(client.getDetails('checkout')).toMatchObject({ unit: 'user-2', version: 1 });
  await nextChange(client);
  expect(client.getDetails('checkout')).toMatchObject({ variant: 'treatment', version: 2 });
  expect(client.ids().anonymousId).toBe('user-2');
});

it('answers by what the server evaluated, for the visitor that it was evaluated for', async () => {
  const evaluations = {
    version: 1,
    experiments: {
      checkout: {
        experiment: 'checkout',
        variant: 'third',
        reason: 'split' as const,
        unit: 'user-2',
        unitType: 'anonymousId',
      },
    },
    flags: { banner: { flag: 'banner', value: 'from the server', reason: 'rule' as const } },
  };
  await commands.serveDefinitions(site.host, definitions);
  const page = await site.open();
  const client = page.start({ bootstrap: { evaluations, anonymousId: 'user-2' } });
  expect(client.getVariant('checkout')).toBe('third');
  expect(client.getFlag('banner', '')).toBe('from the server');
  await nextChange(client);
  expect(client.getVariant('checkout')).toBe('third');
  // Known better, what the page evaluates itself counts.
  client.setAttributes({ plan: 'pro' });
  expect(client.getFlag('banner', '')).toBe('Thank you');
  expect(client.getVariant('checkout')).toBe('treatment');

  // The page was made for somebody else, as one from a shared cache.
  await page.reload();
  const other = page.start({ bootstrap: { evaluations, anonymousId: 'user-1' } });
  expect(other.ids().anonymousId).toBe('user-2');
  expect(other.getVariant('checkout')).toBe('treatment');
  expect(other.getFlag('banner', 'none')).toBe('none');
});

it('what is set by hand reaches a flag whose answer came with the page', async () => {
  const unit = { unit: 'user-2', unitType: 'anonymousId' };
  const checkout = { experiment: 'checkout', variant: 'treatment', reason: 'split' as const, ...unit };
  const color = { flag: 'color', value: 'green', reason: 'split' as const, assignment: checkout };
  const evaluations = { version: 1, experiments: { checkout }, flags: { color } };
  const bootstrap = { definitions, evaluations, anonymousId: 'user-2' };
  await commands.serveDefinitions(site.host, definitions);
  const client = (await site.open()).start({ bootstrap });
  expect(client.getFlag('color', '')).toBe('green');
  client.setOverrides({ checkout: 'control' });
  expect(client.getVariant('checkout')).toBe('control');
  expect(client.getDetails('color')).toMatchObject({ value: 'blue', reason: 'forced' });
  const started = (await site.open()).start({ bootstrap, overrides: { checkout: 'control' } });
  expect(started.getFlag('color', '')).toBe('blue');
});

it('compares by patterns, versions and times with rules, and asks the collector without', async () => {
  await commands.serveDefinitions(site.host, definitions);
  const page = await site.open();
  await page.start().variantsReady();
  await page.start({ rules: page.window.rules }).variantsReady();
  const { requests } = await commands.readDefinitions(site.host);
  const asked = requests.map(({ url }) => new URL(url, site.host).searchParams);
  expect(asked.map((query) => [query.get('compiled'), query.get('rules')])).toEqual([
    ['1', null],
    ['1', 'all'],
  ]);
  const fresh = definitionsOf(
    { checkout: halves({ if: { attribute: 'app', op: 'semverGte', value: '2.4' } }) },
    { version: 2 },
  );
  const bootstrap = { definitions: fresh, anonymousId: 'user-2' };
  const attributes = { app: '2.10.0' };
  expect(page.start({ bootstrap, attributes, rules: page.window.rules }).getVariant('checkout')).toBe(
    'treatment',
  );
  // A comparison that is not here never holds.
  expect(page.start({ bootstrap, attributes }).getDetails('checkout')).toMatchObject({
    variant: 'control',
    reason: 'error',
  });
});

it('answers by what the server evaluated before there are definitions', async () => {
  const page = await site.open();
  const flags = { banner: { flag: 'banner', value: 'Hello', reason: 'rule' as const } };
  const bootstrap = { evaluations: { version: 1, experiments: {}, flags }, anonymousId: 'user-2' };
  const client = page.start({ bootstrap });
  await client.variantsReady();
  expect(client.getFlag('banner', '')).toBe('Hello');
  expect(client.getDetails('checkout')).toMatchObject({
    variant: 'control',
    reason: 'not_ready',
    version: 0,
  });
});

it('is ready when the definitions are here, or when there are none', async () => {
  const without = (await site.open()).start();
  expect(without.getVariant('checkout')).toBe('control');
  await without.variantsReady();
  expect(without.getDetails('checkout').reason).toBe('not_ready');

  await commands.serveDefinitions(site.host, definitions);
  const page = await site.open();
  const client = page.start({ anonymousId: 'nobody else' });
  expect(client.getFlag('color', 'none')).toBe('none');
  await client.variantsReady();
  expect(['blue', 'green']).toContain(client.getFlag('color', 'none'));
});

it('answers the first call of a later page by what the earlier one stored, also without a network', async () => {
  await commands.serveDefinitions(site.host, definitions);
  const page = await site.open();
  const first = page.start();
  await first.variantsReady();
  const variant = first.getVariant('checkout');
  await first.flush();

  await commands.setCollector(site.host, { offline: true });
  await page.reload();
  const later = page.start();
  expect(later.getDetails('checkout')).toMatchObject({ variant, reason: 'split' });
  await later.variantsReady();
  expect(later.getVariant('checkout')).toBe(variant);
});

it('asks again by ETag: what has not changed is not sent', async () => {
  await commands.serveDefinitions(site.host, definitions);
  const page = await site.open();
  await page.start().variantsReady();
  await page.reload();
  page.start();
  await expect
    .poll(async () => (await commands.readDefinitions(site.host)).requests.map(({ status }) => status))
    .toEqual([200, 304]);
  const { requests } = await commands.readDefinitions(site.host);
  expect(requests[1]?.ifNoneMatch).toMatch(/^"/);
  expect(requests[1]?.url).toContain(`writeKey=${site.writeKey}`);
});

it('asks for the definitions of its environment', async () => {
  await commands.serveDefinitions(site.host, definitions);
  await (await site.open()).start({ environment: 'staging & more' }).variantsReady();
  const { requests } = await commands.readDefinitions(site.host);
  expect(new URL(requests[0]!.url, site.host).searchParams.get('environment')).toBe('staging & more');
});

it('hears of a change while the page is open', async () => {
  await commands.serveDefinitions(site.host, definitions);
  const page = await site.open();
  const client = page.start({ push: page.window.push, anonymousId: 'user-2' });
  await client.variantsReady();
  expect(client.getVariant('checkout')).toBe('treatment');
  await expect.poll(async () => (await commands.readDefinitions(site.host)).listeners).toBe(1);

  const changed = nextChange(client);
  const killed = definitionsOf({ checkout: halves({ enabled: false }) }, { version: 2 });
  await commands.serveDefinitions(site.host, killed);
  await changed;
  expect(client.getDetails('checkout')).toMatchObject({ variant: 'control', reason: 'killed', version: 2 });
});

it('follows the user, and flips nobody who is drawn by the anonymous id', async () => {
  const client = (await site.open()).start({ bootstrap: { definitions, anonymousId: 'user-2' } });
  expect(client.getVariant('checkout')).toBe('treatment');
  expect(client.getDetails('pricing')).toMatchObject({ variant: 'control', reason: 'no_unit' });
  client.identify('user-2');
  expect(client.getDetails('pricing')).toMatchObject({ variant: 'treatment', reason: 'split' });
  client.identify('user-1');
  expect(client.getDetails('pricing')).toMatchObject({ variant: 'control', reason: 'split' });
  expect(client.getVariant('checkout')).toBe('treatment');
});

it('asks the collector for what only that may evaluate, once, and again for another visitor', async () => {
  await commands.serveDefinitions(site.host, { ...definitions, remote: ['secret', 'hidden'] });
  const answer = (value: string, unit = 'user-2', unitType = 'anonymousId') => ({
    version: 1,
    experiments: { secret: { experiment: 'secret', variant: value, reason: 'split', unit, unitType } },
    flags: { hidden: { flag: 'hidden', value, reason: 'rule' } },
  });
  await commands.serveEvaluations(site.host, { '': answer('a'), u1: answer('a') });
  const client = (await site.open()).start({ anonymousId: 'user-2', attributes: { plan: 'pro', seats: 3 } });
  await client.variantsReady();
  expect([client.getVariant('secret'), client.getFlag('hidden', '')]).toEqual(['a', 'a']);

  client.identify('u1');
  // It was drawn by the anonymous id, so nothing changes while the collector is asked.
  expect(client.getVariant('secret')).toBe('a');
  const asked = async () => (await commands.readDefinitions(site.host)).requests.filter(({ body }) => body);
  await expect.poll(async () => (await asked()).length).toBe(2);
  expect((await asked()).map(({ body }) => body)).toEqual([
    {
      writeKey: site.writeKey,
      units: { anonymousId: 'user-2', plan: 'pro', seats: 3 },
      attributes: { plan: 'pro', seats: 3 },
      sticky: {},
      keys: ['secret', 'hidden'],
    },
    expect.objectContaining({ units: { anonymousId: 'user-2', userId: 'u1', plan: 'pro', seats: 3 } }),
  ]);
});

it('tells the collector what a sticky unit was first given by it', async () => {
  await commands.serveDefinitions(site.host, { ...definitions, remote: ['secret'] });
  const unit = { unit: 'user-2', unitType: 'anonymousId', sticky: true, phase: 4 };
  const secret = { experiment: 'secret', variant: 'a', reason: 'split', ...unit };
  await commands.serveEvaluations(site.host, { '': { version: 1, experiments: { secret }, flags: {} } });
  const page = await site.open();
  const first = page.start({ anonymousId: 'user-2' });
  await first.variantsReady();
  expect(first.getVariant('secret')).toBe('a');
  await page.reload();
  await page.start().variantsReady();
  const { requests } = await commands.readDefinitions(site.host);
  const asked = requests.filter(({ body }) => body).map(({ body }) => body);
  expect(asked).toEqual([
    expect.objectContaining({ sticky: {} }),
    expect.objectContaining({ sticky: { secret: { variant: 'a', phase: 4 } } }),
  ]);
});

it('drops what the collector evaluated for a user once there is another', async () => {
  await commands.serveDefinitions(site.host, { ...definitions, remote: ['secret'] });
  const secret = { experiment: 'secret', variant: 'a', reason: 'split', unit: 'u1', unitType: 'userId' };
  await commands.serveEvaluations(site.host, { u1: { version: 1, experiments: { secret }, flags: {} } });
  const client = (await site.open()).start({ userId: 'u1' });
  await client.variantsReady();
  expect(client.getVariant('secret')).toBe('a');
  client.identify('u2');
  expect(client.getDetails('secret')).toMatchObject({ variant: 'control', reason: 'remote' });
});

it('keeps what a sticky unit was first given, over phases and pages', async () => {
  await commands.serveDefinitions(site.host, definitionsOf({ checkout: halves({ sticky: true }) }));
  const page = await site.open();
  const first = page.start({ anonymousId: 'user-2' });
  await first.variantsReady();
  expect(first.getVariant('checkout')).toBe('treatment');

  const { phases } = halves({}, 'treatment', 2);
  await commands.serveDefinitions(
    site.host,
    definitionsOf({ checkout: halves({ sticky: true, phases }) }, { version: 2 }),
  );
  await page.reload();
  const later = page.start();
  await nextChange(later);
  expect(later.getDetails('checkout')).toMatchObject({ variant: 'treatment', reason: 'sticky', phase: 2 });
  later.setConsent('denied');
  expect(later.getDetails('checkout').reason).toBe('split');
  expect(document.cookie).not.toContain(site.writeKey);
});

it('answers without storage too, and keeps what it was given for the page', async () => {
  await commands.serveDefinitions(site.host, definitionsOf({ checkout: halves({ sticky: true }) }));
  const client = (await site.open('?human&storage=blocked')).start();
  await client.variantsReady();
  const variant = client.getVariant('checkout');
  expect(client.getDetails('checkout').variant).toBe(variant);
  expect(await site.exposures(client)).toHaveLength(1);
});
