import { createStore, keys } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { commands } from 'vitest/browser';
import type { Analytics, AnalyticsHooks } from './index.ts';
import { openSdkPage, type SdkPage } from './testing/sdk-page.ts';

let host: string;
let writeKey: string;

beforeEach(async () => {
  host = await commands.startCollector();
  writeKey = `wk_${crypto.randomUUID()}`;
});

afterEach(async () => {
  const { preflights } = await commands.readCollector(host, 0);
  await commands.stopCollector(host);
  expect(preflights).toBe(0);
});

async function open(query?: string): Promise<SdkPage & { start(): Analytics }> {
  const page = await openSdkPage(query);
  onTestFinished(page.close);
  return Object.defineProperties(
    { start: () => page.window.createAnalytics({ writeKey, host }) },
    Object.getOwnPropertyDescriptors(page),
  ) as SdkPage & { start(): Analytics };
}

/** The next news of a hook. */
function next<Name extends keyof AnalyticsHooks>(
  analytics: Analytics,
  name: Name,
): Promise<AnalyticsHooks[Name]> {
  return new Promise((resolve) => {
    const end = analytics.on(name, (news) => {
      end();
      resolve(news);
    });
  });
}

const storedIds = (): Promise<string[]> => keys(createStore(`millrace_${writeKey}`, 'events'));

/** The names of the events of the first `count` batches, in order. */
async function namesIn(count: number): Promise<(string | undefined)[]> {
  const { batches } = await commands.readCollector(host, count);
  return batches.flatMap(({ body }) => body.batch.map(({ event }) => event));
}

describe('an ordinary page', () => {
  it('brings an event to the collector and forgets it when it is confirmed', async () => {
    const page = await open('?utm_source=mail&utm_campaign=spring');
    const analytics = page.start();
    const delivered = next(analytics, 'delivered');
    analytics.identify('u1', { plan: 'pro' });
    analytics.track('Product Added', { sku: 'mug' });
    const { messageIds } = await delivered;

    const { batches } = await commands.readCollector(host, 1);
    const { body, url, contentType } = batches[0]!;
    expect(url).toMatch(/^\/v1\/batch/);
    // Neither needs a preflight.
    expect([undefined, 'text/plain']).toContain(contentType?.split(';')[0]);
    expect(body).toMatchObject({ writeKey, verdicts: 1 });
    expect(body.batch.map(({ messageId }) => messageId)).toEqual(messageIds);
    const [identify, track] = body.batch;
    expect(identify).toMatchObject({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } });
    expect(track).toMatchObject({
      type: 'track',
      event: 'Product Added',
      properties: { sku: 'mug' },
      userId: 'u1',
      anonymousId: identify?.anonymousId,
      sessionId: identify?.sessionId,
      context: {
        page: { path: '/sdk-page', search: '?utm_source=mail&utm_campaign=spring', title: 'A page' },
        campaign: { source: 'mail', name: 'spring' },
        library: { name: '@millrace/browser-sdk' },
        userAgent: navigator.userAgent,
      },
    });
    await expect.poll(storedIds).toEqual([]);
  });

  it('sends every kind of event with the fields of the wire', async () => {
    const analytics = (await open()).start();
    analytics.page();
    analytics.page('Docs', 'Start', { tab: 1 });
    analytics.group('acme', { seats: 5 });
    analytics.track('after group');
    analytics.identify(7);
    analytics.alias('seven');
    analytics.reset();
    analytics.track('after reset');
    await analytics.flush();

    const { batches } = await commands.readCollector(host, 1);
    const [page, named, group, grouped, identify, alias, reset] = batches.flatMap(({ body }) => body.batch);
    expect(page).toMatchObject({ type: 'page', properties: { path: '/sdk-page', title: 'A page' } });
    expect(named).toMatchObject({
      type: 'page',
      category: 'Docs',
      name: 'Start',
      properties: { tab: 1, path: '/sdk-page' },
    });
    expect(group).toMatchObject({ type: 'group', groupId: 'acme', traits: { seats: 5 } });
    expect(grouped).toMatchObject({ context: { groupId: 'acme' } });
    expect(identify).toMatchObject({ type: 'identify', userId: '7' });
    expect(alias).toMatchObject({ type: 'alias', userId: 'seven', previousId: '7' });
    expect(reset).not.toHaveProperty('userId');
    expect(reset?.anonymousId).not.toBe(page?.anonymousId);
    expect(reset?.sessionId).not.toBe(page?.sessionId);
  });

  it('keeps the properties of a page view without a name', async () => {
    const analytics = (await open()).start();
    (analytics.page as (...given: unknown[]) => void)(undefined, { tab: 1 });
    await analytics.flush();
    const { batches } = await commands.readCollector(host, 1);
    const [page] = batches.flatMap(({ body }) => body.batch);
    expect(page).toMatchObject({ type: 'page', properties: { tab: 1, path: '/sdk-page' } });
    expect(page).not.toHaveProperty('name');
  });

  it('packs a large batch', async () => {
    const analytics = (await open()).start();
    for (let i = 0; i < 50; i++) analytics.track(`event ${i}`, { filler: 'x'.repeat(200) });
    expect(await analytics.flush()).toBe(true);
    const { batches } = await commands.readCollector(host, 1);
    expect(batches.map(({ url }) => url)).toEqual(['/v1/batch?encoding=gzip']);
    expect(batches[0]?.body.batch).toHaveLength(50);
  });

  it('takes properties as they are at the call', async () => {
    const analytics = (await open()).start();
    const properties = { step: 1 };
    analytics.track('a', properties);
    properties.step = 2;
    await analytics.flush();
    const { batches } = await commands.readCollector(host, 1);
    expect(batches[0]?.body.batch[0]?.properties).toEqual({ step: 1 });
  });

  it('sends no lone surrogate', async () => {
    const analytics = (await open()).start();
    analytics.track('name \ud800', { 'key \udc00': ['value \ud83d', '🙂'] });
    await analytics.flush();
    const { batches } = await commands.readCollector(host, 1);
    expect(batches[0]?.json).not.toMatch(/\\ud[89a-f]/i);
    expect(batches[0]?.body.batch[0]).toMatchObject({
      event: 'name \ufffd',
      properties: { 'key \ufffd': ['value \ufffd', '🙂'] },
    });
  });
});

describe('a page that is left', () => {
  it('sends what was tracked in its last task', async () => {
    const page = await open();
    const analytics = page.start();
    analytics.track('last click');
    await page.leave();
    expect(await namesIn(1)).toEqual(['last click']);
  });

  it('offline, keeps its events for the next page, which sends them once', async () => {
    await commands.setCollector(host, { offline: true });
    const page = await open();
    const analytics = page.start();
    analytics.track('first');
    await analytics.flush();
    analytics.track('second');
    analytics.track('third');
    await page.reload();
    expect(await storedIds()).toHaveLength(3);

    await commands.setCollector(host, { offline: false });
    const later = page.start();
    const { messageIds } = await next(later, 'delivered');
    expect(messageIds).toHaveLength(3);
    expect((await namesIn(1)).sort()).toEqual(['first', 'second', 'third']);
    await expect.poll(storedIds).toEqual([]);
    expect(await later.flush()).toBe(true);
    expect(await namesIn(1)).toHaveLength(3);
  });

  it('keeps the visitor and the session for the next page', async () => {
    const page = await open();
    page.start().track('before');
    await page.reload();
    page.start().track('after');
    const { batches } = await commands.readCollector(host, 2);
    const [before, after] = batches.flatMap(({ body }) => body.batch);
    expect(before?.anonymousId).toMatch(/^[0-9a-f-]{36}$/);
    expect(after).toMatchObject({ anonymousId: before?.anonymousId, sessionId: before?.sessionId });
  });
});

describe('a collector in trouble', () => {
  it('gets a batch again after a 503, when Retry-After is over', async () => {
    await commands.setCollector(host, { answers: [{ status: 503, retryAfterSeconds: 1 }] });
    const analytics = (await open()).start();
    const delivered = next(analytics, 'delivered');
    analytics.track('patient');
    const { messageIds } = await delivered;
    const { batches } = await commands.readCollector(host, 2);
    expect(batches.map(({ body }) => body.batch[0]?.messageId)).toEqual([...messageIds, ...messageIds]);
    expect(batches[1]!.at - batches[0]!.at).toBeGreaterThanOrEqual(1000);
    expect(batches[1]?.body.sentAt).not.toBe(batches[0]?.body.sentAt);
  });

  it('rejects one event: it is counted and forgotten, the others are delivered', async () => {
    await commands.setCollector(host, { answers: [{ reject: ['bad'] }] });
    const analytics = (await open()).start();
    const dropped = next(analytics, 'dropped');
    analytics.track('good');
    analytics.track('bad');
    expect(await analytics.flush()).toBe(true);
    expect(await dropped).toMatchObject({ reason: 'rejected', count: 1 });
    expect(analytics.losses()).toEqual({ rejected: 1 });
    await expect.poll(storedIds).toEqual([]);
  });

  it('refuses the key: sending stops, and the events are kept', async () => {
    await commands.setCollector(host, { answers: [{ status: 401 }] });
    const analytics = (await open()).start();
    const stopped = next(analytics, 'stopped');
    analytics.track('kept');
    expect(await stopped).toEqual({ status: 401 });
    expect(await storedIds()).toHaveLength(1);
    expect(analytics.losses()).toEqual({});
  });
});

describe('a hostile page', () => {
  it('without storage, still delivers', async () => {
    const page = await open('?storage=blocked');
    expect(() => page.window.localStorage).toThrow();
    const analytics = page.start();
    analytics.track('a');
    analytics.track('b');
    expect(await analytics.flush()).toBe(true);
    const { batches } = await commands.readCollector(host, 1);
    const [a, b] = batches.flatMap(({ body }) => body.batch);
    expect(a?.anonymousId).toBe(b?.anonymousId);
    expect(a?.sessionId).toBe(b?.sessionId);
  });

  it('in a sandbox without an origin, delivers through the pasted script tag', async () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.src = `${host}/page`;
    document.body.append(frame);
    onTestFinished(() => frame.remove());
    const { batches } = await commands.readCollector(host, 1);
    expect(batches[0]?.body).toMatchObject({
      writeKey: 'wk_pasted',
      batch: [{ type: 'page', properties: { title: 'Pasted', path: '/page' } }],
    });
  });

  it('hands in nonsense: nothing is thrown, everything is counted, the rest is delivered', async () => {
    const analytics = (await open()).start();
    const dropped: AnalyticsHooks['dropped'][] = [];
    analytics.on('dropped', (news) => dropped.push(news));
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const nonsense = analytics as unknown as Record<string, (...values: unknown[]) => void>;
    nonsense.track?.('');
    nonsense.track?.('a', 'not an object');
    nonsense.identify?.(null);
    nonsense.group?.();
    analytics.track('circle', circle);
    analytics.track('bigint', { n: 1n });
    analytics.track('getter', {
      get bad() {
        throw new Error('getter');
      },
    });
    analytics.track('huge', { text: 'x'.repeat(40_000) });
    analytics.track('fine');
    expect(await analytics.flush()).toBe(true);
    expect(await namesIn(2)).toEqual(['fine', '$sdk_losses']);
    expect(analytics.losses()).toEqual({ invalid: 5, unserializable: 2, too_large: 1 });
    expect(dropped[0]?.message).toBe('TypeError: event must be a string');
    expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(8);
  });
});
