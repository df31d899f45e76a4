import type { Definitions } from '@millrace/core/evaluation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import spec from '../../../../spec/evaluation.json' with { type: 'json' };
import { type Analytics, createAnalytics, withScope } from '../index.ts';
import { type DefinitionsServer, startDefinitionsServer } from '../testing/definitions-server.ts';
import { definitions, experiment, phase } from '../testing/sample-definitions.ts';

let server: DefinitionsServer;
const clients: Analytics[] = [];

beforeEach(async () => {
  server = await startDefinitionsServer(definitions(1));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await server.close();
});

const setUp = (variants: object = {}): Analytics => {
  const client = createAnalytics({
    writeKey: 'sk_test',
    host: server.url,
    flushAtExit: false,
    gzip: false,
    variants,
  });
  clients.push(client);
  return client;
};
const next = (client: Analytics, name: 'definitions'): Promise<unknown> =>
  new Promise((resolve) => {
    const stop = client.on(name, (news) => {
      stop();
      resolve(news);
    });
  });
const exposures = () => server.taken.filter(({ event }) => event === '$exposure');

describe('spec/evaluation.json', () => {
  interface Case {
    key: string;
    says: string;
    units: object;
    attributes?: object;
    overrides?: { [key: string]: string };
    sticky?: object;
    now?: string;
    variant?: string;
    value?: unknown;
    reason: string;
  }
  const plain = ({ now, sticky, units }: Case): boolean =>
    now === undefined && sticky === undefined && Object.values(units).every((unit) => unit !== '');
  const setNow = () => {
    const client = setUp({ bootstrap: spec.definitions as unknown as Definitions });
    return ({ units, attributes, overrides }: Case) =>
      client.for({ ...units, attributes: { ...units, ...attributes }, overrides } as object);
  };

  it('gives every case that needs neither a time nor a memory', () => {
    const now = Date.now;
    Date.now = () => Date.parse(spec.now);
    try {
      const visitorOf = setNow();
      const experiments = (spec.experiments as unknown as Case[]).filter(plain);
      expect(experiments.length).toBeGreaterThan(10);
      for (const one of experiments) {
        const { variant, reason } = visitorOf(one).getDetails(one.key);
        expect({ variant, reason }, one.says).toEqual({ variant: one.variant, reason: one.reason });
      }
      for (const one of (spec.flags as unknown as Case[]).filter(plain)) {
        const { value, reason } = visitorOf(one).getDetails(one.key);
        expect({ value, reason }, one.says).toEqual({ value: one.value, reason: one.reason });
      }
    } finally {
      Date.now = now;
    }
  });
});

describe('exposures', () => {
  it('are events at use, once for each session, with what the variant can be recomputed from', async () => {
    const client = setUp();
    await client.variantsReady();
    const visitor = client.for({ anonymousId: 'a', sessionId: 's1' });
    for (let i = 0; i < 3; i++) visitor.getVariant('checkout');
    client.for({ anonymousId: 'a', sessionId: 's1' }).getVariant('checkout');
    client.for({ anonymousId: 'a', sessionId: 's2' }).getVariant('checkout');
    visitor.getDetails('sticky');
    await client.flush();
    expect(exposures()).toHaveLength(2);
    expect(exposures()[0]).toMatchObject({
      anonymousId: 'a',
      sessionId: 's1',
      properties: {
        experiment: 'checkout',
        phase: 1,
        variant: 'one_page',
        unit: 'a',
        unitType: 'anonymousId',
        bucketingVersion: 1,
        reason: 'split',
        definitionsVersion: 1,
      },
    });
  });

  it('are none for bots, pages that are fetched ahead, overrides, and whoever takes no part', async () => {
    const client = setUp();
    await client.variantsReady();
    const bot = { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' };
    expect(client.for({ anonymousId: 'a', context: bot }).getVariant('checkout')).toBe('one_page');
    client.for({ anonymousId: 'b', exposures: false }).getVariant('checkout');
    client.for({ anonymousId: 'c', overrides: { checkout: 'x' } }).getVariant('checkout');
    client.for({ userId: 'd' }).getVariant('checkout');
    client.for({ userId: 'd', attributes: { plan: 'free' } }).getVariant('pro');
    await client.flush();
    expect(exposures()).toEqual([]);
    expect(client.losses()).toEqual({});
  });

  it('are of the visitor of the running request', async () => {
    const client = setUp();
    await client.variantsReady();
    const variant = withScope({ userId: 'ada', attributes: { plan: 'pro' } }, () => client.getVariant('pro'));
    expect([variant, client.getVariant('pro')]).toEqual(['on', 'control']);
    await client.flush();
    expect(exposures()).toMatchObject([{ userId: 'ada', properties: { unit: 'ada', unitType: 'userId' } }]);
  });
});

describe('sticky assignments', () => {
  it('stay by the store, in memory by default', async () => {
    const client = setUp();
    await client.variantsReady();
    const visitor = client.for({ anonymousId: 'a' });
    expect(visitor.getVariant('sticky')).toBe('one_page');
    const changed = next(client, 'definitions');
    const later = definitions(2);
    const half = [
      { start: 0, end: 1, variant: 'one_page' },
      { start: 1, end: 10_000, variant: 'two_pages' },
    ];
    later.experiments.sticky = experiment('', { sticky: true, phases: [{ ...phase(''), variants: half }] });
    server.set(later);
    await changed;
    expect(visitor.getDetails('sticky')).toMatchObject({ variant: 'one_page', reason: 'sticky' });
    expect(client.for({ anonymousId: 'b' }).getVariant('sticky')).toBe('two_pages');
  });

  it('cost nothing but themselves where the store fails', async () => {
    const broken = () => {
      throw new Error('away');
    };
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const client = setUp({ sticky: { get: broken, set: broken } });
    await client.variantsReady();
    expect(client.for({ anonymousId: 'a' }).getVariant('sticky')).toBe('one_page');
    expect(await warned).toMatchObject({ message: 'away' });
  });
});

describe('bootstrapFor', () => {
  it('is JSON for a script, with the answers for one visitor and no exposure', async () => {
    const client = setUp();
    await client.variantsReady();
    const text = client.bootstrapFor({ anonymousId: '</script>' }, { keys: ['checkout', 'limit', 'none'] });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({
      anonymousId: '</script>',
      evaluations: {
        version: 1,
        experiments: { checkout: expect.objectContaining({ variant: 'one_page', unit: '</script>' }) },
        flags: { limit: { flag: 'limit', value: 3, reason: 'default' } },
      },
    });
    await client.flush();
    expect(exposures()).toEqual([]);
  });

  it('carries of the definitions what clients may see', async () => {
    const own = { ...definitions(3), attributes: { plan: { serverOnly: true } } };
    const client = setUp({ bootstrap: own });
    const { definitions: part } = JSON.parse(
      client.bootstrapFor({ anonymousId: 'a' }, { definitions: true }),
    );
    expect(part.remote).toEqual(['pro']);
    expect(JSON.stringify(part)).not.toContain('plan');
  });

  it('names the visitor alone while there are no definitions', () => {
    server.fail(503);
    expect(JSON.parse(setUp().bootstrapFor({ anonymousId: 'a' }))).toEqual({ anonymousId: 'a' });
  });
});

it('nothing throws, whatever a caller says', async () => {
  const client = setUp();
  await client.variantsReady();
  for (const bad of [
    null,
    1,
    'a',
    [],
    { attributes: null },
    { anonymousId: {} },
    { overrides: 3 },
    { sticky: 1 },
  ]) {
    const visitor = client.for(bad as never) as unknown as Analytics;
    expect(() => visitor.getVariant(bad as never)).not.toThrow();
    expect(() => visitor.getFlag('limit', bad as never)).not.toThrow();
    expect(() => client.bootstrapFor(bad as never, bad as never)).not.toThrow();
  }
});
