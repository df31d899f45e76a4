import { describe, expect, it } from 'vitest';
import { createFixture, trackEvent } from '../../testing/collector-fixture.ts';

const rowOf = async (event: Record<string, unknown>, headers: Record<string, string> = {}) => {
  const { post, log } = createFixture();
  await post('/v1/batch', { batch: [event], writeKey: 'wk_test' }, { headers });
  return log.rows()[0];
};

describe('enrichment', () => {
  it('splits the page, its referrer and its campaign into columns, and keeps nothing twice', async () => {
    const row = await rowOf(
      trackEvent({
        context: {
          page: {
            url: 'https://www.shop.example.com/p/7?utm_source=news&utm_medium=email&utm_campaign=may#top',
            title: 'Kettle',
            referrer: 'https://www.example.org/review',
          },
          library: { name: 'millrace', version: '0.1.0' },
          locale: 'en-GB',
          timezone: 'Europe/Berlin',
          screen: { width: 1440.4, height: 900 },
        },
      }),
    );
    expect(row).toMatchObject({
      url: 'https://www.shop.example.com/p/7?utm_source=news&utm_medium=email&utm_campaign=may#top',
      hostname: 'www.shop.example.com',
      path: '/p/7',
      search: '?utm_source=news&utm_medium=email&utm_campaign=may',
      title: 'Kettle',
      referrer: 'https://www.example.org/review',
      referrer_domain: 'example.org',
      utm_source: 'news',
      utm_medium: 'email',
      utm_campaign: 'may',
      channel: 'email',
      library: 'millrace',
      library_version: '0.1.0',
      locale: 'en-GB',
      timezone: 'Europe/Berlin',
      screen_width: 1440,
      screen_height: 900,
      ip: '203.0.113.0',
    });
    expect(row).not.toHaveProperty('context');
  });

  it('believes context.campaign before the query', async () => {
    const row = await rowOf(
      trackEvent({
        context: {
          page: { url: 'https://a.example/?utm_source=query&utm_term=query' },
          campaign: { source: 'context' },
        },
      }),
    );
    expect(row).toMatchObject({ utm_source: 'context' });
    expect(row).not.toHaveProperty('utm_term');
  });

  it('finds the page of a page event in its properties', async () => {
    const row = await rowOf({
      ...trackEvent({ type: 'page', properties: { url: 'https://a.example/x', title: 'X' } }),
    });
    expect(row).toMatchObject({ event: '$page', path: '/x', title: 'X' });
  });

  it('keeps in the context what no column takes', async () => {
    const row = await rowOf(
      trackEvent({
        context: {
          app: { name: 'Shop', build: 7 },
          page: { url: 'https://a.example/', tab: 3 },
          device: { type: 'android', id: 'x' },
          screen: { width: -1, density: 2 },
          locale: 7,
          nothing: null,
          library: 'not an object',
        },
      }),
    );
    expect(row?.context).toEqual({
      app: { name: 'Shop', build: 7 },
      page: { tab: 3 },
      device: { type: 'android', id: 'x' },
      screen: { width: -1, density: 2 },
      locale: 7,
      library: 'not an object',
    });
  });

  it('takes revenue that is an amount, and only that', async () => {
    expect(await rowOf(trackEvent({ properties: { revenue: '12.50', currency: 'eur' } }))).toMatchObject({
      revenue: 12.5,
      currency: 'EUR',
      properties: { revenue: '12.50', currency: 'eur' },
    });
    for (const revenue of ['', 'much', true, null, [5], 1e15, '1e400', {}]) {
      expect(await rowOf(trackEvent({ properties: { revenue } }))).not.toHaveProperty('revenue');
    }
    expect(await rowOf(trackEvent({ properties: { revenue: 0.123456 } }))).toMatchObject({ revenue: 0.1235 });
  });

  it('never stores more of an address than its network', async () => {
    const spoken = await rowOf(trackEvent({ context: { ip: '198.51.100.23' } }));
    expect(spoken?.ip).toBe('198.51.100.0');
    const refused = await rowOf(trackEvent({ context: { ip: '0.0.0.0' } }));
    expect(refused).not.toHaveProperty('ip');
    for (const ip of ['not 198.51.100.23', ['198.51.100.23'], { v4: '198.51.100.23' }]) {
      expect(JSON.stringify(await rowOf(trackEvent({ context: { ip } })))).not.toContain('198.51.100.23');
    }
  });

  it('never stores more of the address of a rejected event either', async () => {
    const { batch, log } = createFixture();
    await batch([trackEvent({ event: '', context: { ip: '198.51.100.23', app: 1 } })]);
    expect(JSON.parse(log.rejected()[0]?.payload ?? '')).toMatchObject({
      context: { ip: '198.51.100.0', app: 1 },
    });
  });

  it('does not mix up events that follow each other', async () => {
    const { batch, log } = createFixture();
    const page = (path: string) => ({ page: { url: `https://a.example${path}` } });
    const contexts = [page('/1'), page('/1'), page('/2'), {}, page('/1'), { page: { title: '/1' } }];
    await batch(contexts.map((context) => trackEvent({ context })));
    expect(log.rows().map((row) => row.path ?? row.title)).toEqual(['/1', '/1', '/2', undefined, '/1', '/1']);
  });
});
