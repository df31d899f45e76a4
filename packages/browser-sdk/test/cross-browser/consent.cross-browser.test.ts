import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, findBrowsers } from '../../../../scripts/browsers/browsers.mjs';
import { startVisit, type Visit } from './visit.ts';

/** What the page's origin keeps of the visitor, where scripts can see it. */
const kept = async (): Promise<string[]> => {
  const databases = await indexedDB.databases();
  const records = await Promise.all(
    databases.map(
      ({ name }) =>
        new Promise<string[]>((resolve) => {
          const opening = indexedDB.open(name ?? '');
          opening.onerror = () => resolve(['unreadable']);
          opening.onsuccess = () => {
            const stores = [...opening.result.objectStoreNames];
            if (stores.length === 0) return resolve([]);
            const found: string[] = [];
            const reading = opening.result.transaction(stores);
            for (const store of stores) {
              const keys = reading.objectStore(store).getAllKeys();
              keys.onsuccess = () => found.push(...keys.result.map(String));
            }
            reading.oncomplete = () => {
              opening.result.close();
              resolve(found);
            };
          };
        }),
    ),
  );
  return [...records.flat(), document.cookie, JSON.stringify({ ...localStorage })];
};

describe.each(findBrowsers().filter(({ start }) => start))('consent in $name', ({ start }) => {
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

  it('who has not decided is held in memory; granted, everything is sent', async () => {
    const page = await visit.open('', { consent: 'pending' });
    await page.run(() => window.sdk.track('held'));
    await page.run(() => window.sdk.flush());
    await visit.quiet();
    expect(visit.collector.batches).toEqual([]);
    const id = await page.run(() => window.sdk.ids().anonymousId);
    expect((await page.run(kept)).join()).not.toContain(id);

    await page.run(() => window.sdk.setConsent('granted'));
    expect(await visit.taken(1)).toEqual(['held']);
  });

  it('who denies is forgotten: nothing is sent, nothing of it is kept', async () => {
    visit.collector.offline = true;
    const page = await visit.open();
    await page.run(() => window.sdk.track('before'));
    await page.run(() => window.sdk.flush());
    const id = await page.run(() => window.sdk.ids().anonymousId);
    expect((await page.run(kept)).join()).toContain(id);

    await page.run(() => window.sdk.setConsent('denied'));
    await page.run(() => window.sdk.track('after'));
    visit.collector.offline = false;
    await page.run(() => window.sdk.flush());
    await page.reload();
    await page.run(() => window.sdk.flush());
    await visit.quiet();
    expect(visit.collector.batches).toEqual([]);
    const left = (await page.run(kept)).join();
    expect(left).not.toContain(id);
    expect(left).not.toContain('before');
  });

  it('who sends Global Privacy Control is measured without an id that is kept', async () => {
    const page = await visit.open('?gpc');
    await page.run(() => window.sdk.track('private'));
    await visit.taken(1);
    const [event] = visit.events();
    const left = (await page.run(kept)).join();
    for (const id of [event?.anonymousId, event?.sessionId, event?.messageId]) {
      if (id) expect(left).not.toContain(id);
    }
    await page.reload();
    await page.run(() => window.sdk.track('private again'));
    await visit.taken(2);
    expect(visit.events()[1]?.anonymousId ?? 'none').not.toBe(event?.anonymousId);
  });
});
