import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, findBrowsers } from '../../../../scripts/browsers/browsers.mjs';
import { startVisit, type Visit } from './visit.ts';

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`);

// Firefox and WebKit may be missing: `npm test` says so at its end.
describe.each(findBrowsers().filter(({ start }) => start))('delivery in $name', ({ start }) => {
  let browser: Browser;
  let visit: Visit;

  beforeAll(async () => {
    browser = await start!();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    visit = await startVisit(browser);
  });
  afterEach(() => visit?.end());

  it('brings an event to the collector, and sends it no second time', async () => {
    const page = await visit.open();
    await page.run(() => window.sdk.track('seen', { price: 9.5, name: 'Ünïcode 🙂' }));
    await visit.taken(1);
    await page.run(() => window.sdk.flush());
    await page.reload();
    await page.run(() => window.sdk.flush());
    expect(await visit.taken(1)).toEqual(['seen']);
    const { contentType, body } = visit.collector.batches[0]!;
    expect(contentType?.split(';')[0]).toBe('text/plain');
    expect(body.batch[0]?.properties).toEqual({ price: 9.5, name: 'Ünïcode 🙂' });
  });

  it('packs a large batch', async () => {
    const page = await visit.open();
    await page.run(() => {
      for (let i = 0; i < 50; i++) window.sdk.track(`event ${i}`, { filler: 'x'.repeat(200) });
    });
    expect((await visit.taken(50)).sort()).toEqual(numbered('event', 50).sort());
    expect(visit.collector.batches.map(({ url }) => url)).toContain('/v1/batch?encoding=gzip');
  });

  it('offline, keeps events over a reload and delivers each once', async () => {
    visit.collector.offline = true;
    const page = await visit.open();
    await page.run(() => {
      for (let i = 0; i < 20; i++) window.sdk.track(`offline ${i}`);
    });
    await page.reload();
    await page.leave(() => {});
    visit.collector.offline = false;
    await page.reload();
    expect((await visit.taken(20)).sort()).toEqual(numbered('offline', 20).sort());
    await visit.quiet();
    expect(await visit.taken(20)).toHaveLength(20);
  });

  it('two tabs offline, both closed: a third delivers what both tracked, of one visitor', async () => {
    visit.collector.offline = true;
    const keeper = await visit.open();
    await keeper.leave(() => {});
    for (const name of ['left', 'right']) {
      const page = await visit.open();
      await page.run((of) => {
        for (let i = 0; i < 10; i++) window.sdk.track(`${of} ${i}`);
      }, name);
      await page.close();
    }
    visit.collector.offline = false;
    await keeper.reload();
    await keeper.run(() => window.sdk.flush());
    const names = await visit.taken(20);
    expect([...new Set(names)].sort()).toEqual([...numbered('left', 10), ...numbered('right', 10)].sort());
    expect(new Set(visit.events().map(({ anonymousId }) => anonymousId)).size).toBe(1);
    expect(new Set(visit.events().map(({ sessionId }) => sessionId)).size).toBe(1);
  });

  it('two tabs at once send each event once', async () => {
    const left = await visit.open();
    const right = await visit.open();
    for (const [page, name] of [
      [left, 'left'],
      [right, 'right'],
    ] as const) {
      await page.run((of) => {
        for (let i = 0; i < 20; i++) window.sdk.track(`${of} ${i}`);
      }, name);
    }
    await left.show();
    await visit.taken(40);
    await visit.quiet();
    expect((await visit.taken(40)).sort()).toEqual(
      [...numbered('left', 20), ...numbered('right', 20)].sort(),
    );
  });

  it('sends what was tracked in the task that leaves the page', async () => {
    const page = await visit.open();
    await page.leave(() => {
      for (let i = 0; i < 30; i++) window.sdk.track(`last ${i}`);
    });
    expect([...new Set(await visit.taken(30))].sort()).toEqual(numbered('last', 30).sort());
  });

  it('without storage, still delivers', async () => {
    const page = await visit.open('?storage=blocked');
    await page.run(() => window.sdk.track('a'));
    await page.run(() => window.sdk.track('b'));
    await visit.taken(2);
    const [a, b] = visit.events();
    expect(a?.anonymousId).toBe(b?.anonymousId);
  });

  it('after 413, sends the batch in parts', async () => {
    visit.collector.answers = [{ status: 413 }, { status: 413 }];
    const page = await visit.open();
    await page.run(() => {
      for (let i = 0; i < 40; i++) window.sdk.track(`part ${i}`);
    });
    expect((await visit.taken(40)).sort()).toEqual(numbered('part', 40).sort());
    expect(await page.run(() => window.sdk.losses())).toEqual({});
  });

  it('offline for long, keeps a bounded part, and every event is either delivered or counted as lost', async () => {
    const tracked = 3000;
    visit.collector.offline = true;
    const page = await visit.open();
    await page.run((count) => {
      for (let i = 0; i < count; i++) window.sdk.track(`long ${i}`, { filler: 'x'.repeat(100) });
    }, tracked);
    const losses = await page.run(() => window.sdk.losses());
    const lost = Object.values(losses).reduce((sum, count) => sum + count, 0);
    expect(lost).toBeGreaterThan(0);
    visit.collector.offline = false;
    await expect.poll(() => page.run(() => window.sdk.flush()), { timeout: 30_000 }).toBe(true);
    const delivered = visit.events().filter(({ event }) => event?.startsWith('long'));
    expect(delivered.length + lost).toBe(tracked);
  });

  it('after 429, waits as long as Retry-After says', async () => {
    visit.collector.answers = [{ status: 429, retryAfterSeconds: 1 }];
    const page = await visit.open();
    await page.run(() => window.sdk.track('patient'));
    expect(await visit.taken(1)).toEqual(['patient']);
    const [first, second] = visit.collector.batches;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(1000);
  });

  it('a batch whose answer is lost comes again under the same ids', async () => {
    visit.collector.answers = [{ unheard: true }];
    const page = await visit.open();
    await page.run(() => window.sdk.track('unheard'));
    expect(await visit.taken(2)).toEqual(['unheard', 'unheard']);
    const ids = visit.collector.batches.flatMap(({ body }) => body.batch.map(({ messageId }) => messageId));
    expect(new Set(ids).size).toBe(1);
  });
});
