import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, findBrowsers } from '../../../../scripts/browsers/browsers.mjs';
import { startVisit, type Visit } from './visit.ts';

describe.each(findBrowsers().filter(({ start }) => start))('a visitor in $name', ({ start }) => {
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

  it('is the same on the next page and in another tab, in one session, until reset', async () => {
    const page = await visit.open();
    await page.run(() => window.sdk.track('first'));
    await page.reload();
    await page.run(() => window.sdk.identify('u1'));
    const other = await visit.open();
    await other.run(() => window.sdk.track('in another tab'));
    await expect.poll(() => visit.events().length, { timeout: 15_000 }).toBe(3);
    expect(new Set(visit.events().map(({ anonymousId }) => anonymousId)).size).toBe(1);
    expect(new Set(visit.events().map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(visit.events().map(({ userId }) => userId)).toEqual([undefined, 'u1', 'u1']);

    await other.run(() => {
      window.sdk.reset();
      window.sdk.track('after reset');
    });
    await page.show();
    await page.run(() => window.sdk.track('after reset, first tab'));
    await expect.poll(() => visit.events().length, { timeout: 15_000 }).toBe(5);
    const [before, , , ...after] = visit.events();
    for (const event of after) {
      expect(event.anonymousId).not.toBe(before?.anonymousId);
      expect(event.sessionId).not.toBe(before?.sessionId);
      expect(event.userId).toBeUndefined();
    }
    expect(after[0]?.anonymousId).toBe(after[1]?.anonymousId);
  });

  it("keeps the first visit's campaign as the first and the newest as the last, over page loads", async () => {
    for (const query of ['?utm_source=mail&utm_campaign=spring', '', '?utm_source=ads', '']) {
      const page = await visit.open(query);
      await page.run(() => window.sdk.track('seen'));
    }
    await expect.poll(() => visit.events().length, { timeout: 15_000 }).toBe(4);
    const touches = visit
      .events()
      .map(({ context }) => context as Record<'firstTouch' | 'lastTouch', { campaign?: unknown }>)
      .map(({ firstTouch, lastTouch }) => [firstTouch.campaign, lastTouch.campaign]);
    const [spring, ads] = [{ source: 'mail', name: 'spring' }, { source: 'ads' }];
    expect(touches).toEqual([
      [spring, spring],
      [spring, spring],
      [spring, ads],
      [spring, ads],
    ]);
  });
});
