import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAnalytics as createEdgeAnalytics } from './edge.ts';
import { type AnalyticsOptionsError, createAnalytics, extendScope, withScope } from './index.ts';
import { type RecordingCollector, startRecordingCollector } from './testing/recording-collector.ts';

let collector: RecordingCollector;

beforeEach(async () => {
  collector = await startRecordingCollector();
});
afterEach(() => collector.close());

const setUp = (options: object = {}) =>
  createAnalytics({ writeKey: 'wk_test', host: collector.url, flushAtExit: false, ...options });

describe('createAnalytics', () => {
  it('sends every kind of event with whom it is of', async () => {
    const analytics = setUp();
    analytics.track('Ordered', { value: 12 }, { userId: 7, context: { ip: '203.0.113.9' } });
    analytics.identify('ada', { plan: 'pro' });
    analytics.page('Home', { path: '/' }, { anonymousId: 'anon' });
    analytics.group('acme', { seats: 3 }, { userId: 'ada' });
    analytics.alias('ada', 'anon');
    expect(await analytics.flush()).toBe(true);
    expect(collector.taken).toMatchObject([
      {
        type: 'track',
        event: 'Ordered',
        userId: '7',
        properties: { value: 12 },
        context: { ip: '203.0.113.9' },
      },
      { type: 'identify', userId: 'ada', traits: { plan: 'pro' } },
      { type: 'page', name: 'Home', anonymousId: 'anon', properties: { path: '/' } },
      { type: 'group', groupId: 'acme', userId: 'ada', traits: { seats: 3 } },
      { type: 'alias', userId: 'ada', previousId: 'anon' },
    ]);
    const [{ writeKey, verdicts, sentAt }] = collector.batches as [(typeof collector.batches)[0]];
    expect({ writeKey, verdicts }).toEqual({ writeKey: 'wk_test', verdicts: 1 });
    expect(Date.parse(sentAt)).toBeGreaterThan(Date.now() - 60_000);
    expect(new Set(collector.taken.map(({ messageId }) => messageId)).size).toBe(5);
  });

  it('compresses a batch', async () => {
    const analytics = setUp();
    analytics.track('Viewed', { text: 'a'.repeat(5_000) }, { userId: 'ada' });
    await analytics.flush();
    expect(collector.headers[0]?.['content-encoding']).toBe('gzip');
    expect(Number(collector.headers[0]?.['content-length'])).toBeLessThan(1_000);
  });

  it('speaks for one visitor', async () => {
    const analytics = setUp();
    const visitor = analytics.for({ userId: 'ada', context: { locale: 'de-CH' } });
    visitor.track('Viewed');
    visitor.track('Viewed', {}, { userId: 'eve', context: { timezone: 'Europe/Zurich' } });
    await analytics.flush();
    expect(collector.taken).toMatchObject([
      { userId: 'ada', context: { locale: 'de-CH' } },
      { userId: 'eve', context: { locale: 'de-CH', timezone: 'Europe/Zurich' } },
    ]);
  });

  it('speaks for the visitor of the running request, over awaits and beside others', async () => {
    const analytics = setUp();
    await Promise.all(
      ['ada', 'eve'].map((userId) =>
        withScope({ anonymousId: `anon-${userId}` }, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          extendScope({ userId });
          await new Promise((resolve) => setImmediate(resolve));
          analytics.track('Viewed');
        }),
      ),
    );
    analytics.track('Viewed');
    await analytics.flush();
    expect(collector.taken.filter(({ event }) => event === 'Viewed')).toMatchObject([
      { anonymousId: 'anon-ada', userId: 'ada' },
      { anonymousId: 'anon-eve', userId: 'eve' },
    ]);
    expect(analytics.losses()).toEqual({ invalid: 1 });
  });

  it('adds what is registered', async () => {
    const analytics = setUp();
    analytics.register({ release: '1.2', stage: 'beta' });
    analytics.unregister('stage');
    analytics.track('Viewed', { page: 1 }, { userId: 'ada' });
    await analytics.flush();
    expect(collector.taken[0]?.properties).toEqual({ release: '1.2', page: 1 });
  });

  it('throws for nothing, counts what it had to drop, and tells the collector of it', async () => {
    const dropped: string[] = [];
    const analytics = setUp({
      maxQueueCount: 2,
      onDrop: (news: { reason: string }) => dropped.push(news.reason),
    });
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const calls = analytics as unknown as { [name: string]: (...given: unknown[]) => void };
    calls.track?.('');
    calls.track?.('No id');
    calls.track?.('Bad', 'text', { userId: 'ada' });
    calls.track?.('Bad', {}, { userId: 'ada', timestamp: 'noon' });
    calls.track?.('Bad', {}, { userId: 'ada', messageId: 'x'.repeat(129) });
    calls.identify?.(undefined);
    analytics.track('Cyclic', cycle, { userId: 'ada' });
    analytics.track('Big', { text: 'x'.repeat(40_000) }, { userId: 'ada' });
    for (let i = 0; i < 3; i++) analytics.track('Ordered', { i }, { userId: 'ada' });
    const expected = { invalid: 6, unserializable: 1, too_large: 1, queue_full: 1 };
    expect(analytics.losses()).toEqual(expected);
    expect(dropped).toHaveLength(9);
    await analytics.flush();
    await analytics.flush();
    expect(collector.taken.find(({ event }) => event === '$sdk_losses')?.properties).toEqual(expected);
  });

  it('lets beforeSend change and drop', async () => {
    const analytics = setUp({
      beforeSend: (event: { event?: string; properties: object }) => {
        if (event.event === 'Secret') return null;
        if (event.event === 'Broken') throw new Error('no');
        return { ...event, properties: { masked: true } };
      },
    });
    for (const name of ['Open', 'Secret', 'Broken']) analytics.track(name, { a: 1 }, { userId: 'ada' });
    await analytics.flush();
    expect(collector.taken.map(({ properties }) => properties)).toContainEqual({ masked: true });
    expect(collector.taken.filter(({ event }) => event !== '$sdk_losses')).toHaveLength(1);
    expect(analytics.losses()).toEqual({ invalid: 1 });
  });

  it('makes lone surrogates well-formed', async () => {
    const analytics = setUp();
    analytics.track('Viewed', { text: 'a\ud800b', fine: '\\ud800 🙂' }, { userId: 'ada' });
    await analytics.flush();
    expect(collector.taken[0]?.properties).toEqual({ text: 'a\ufffdb', fine: '\\ud800 🙂' });
  });

  it('closes: sends what waits and takes no more', async () => {
    const analytics = setUp();
    analytics.track('Last', {}, { userId: 'ada' });
    expect(await analytics.close()).toBe(true);
    analytics.track('Late', {}, { userId: 'ada' });
    expect(collector.taken.map(({ event }) => event)).toEqual(['Last']);
    expect(analytics.losses()).toEqual({ closed: 1 });
  });

  it('a listener that throws becomes a warning of the process, and nothing else', async () => {
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const analytics = setUp();
    analytics.on('delivered', () => {
      throw new Error('of the listener');
    });
    analytics.track('Viewed', {}, { userId: 'ada' });
    expect(await analytics.flush()).toBe(true);
    expect(await warned).toMatchObject({ message: 'of the listener' });
  });

  it.each([
    ['writeKey', { writeKey: '' }],
    ['host', { host: 'events.example.com' }],
    ['flushIntervalMs', { flushIntervalMs: -1 }],
    ['flushAt', { flushAt: 1.5 }],
    ['gzip', { gzip: 'yes' }],
    ['beforeSend', { beforeSend: 'no' }],
    ['flushAtExit', { flushAtExit: 'soon' }],
    ['spool', { spool: '' }],
  ])('names the option %s that cannot be used', (option, bad) => {
    expect(() => setUp(bad)).toThrow(expect.objectContaining({ option }) as AnalyticsOptionsError);
  });
});

describe('the edge build', () => {
  it('hands waitUntil one promise for a turn, which holds until the events are delivered', async () => {
    const waited: Promise<unknown>[] = [];
    const analytics = createEdgeAnalytics({
      writeKey: 'wk_test',
      host: collector.url,
      waitUntil: (delivery) => waited.push(delivery),
    });
    analytics.track('Viewed', { text: 'é'.repeat(2_000) }, { anonymousId: 'a' });
    analytics.track('Ordered', {}, { anonymousId: 'a' });
    expect(waited).toHaveLength(1);
    await waited[0];
    expect(collector.taken.map(({ event }) => event)).toEqual(['Viewed', 'Ordered']);
  });
});
