import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, findBrowsers } from '../../../../scripts/browsers/browsers.mjs';
import { startVisit, type Visit } from './visit.ts';

// Chromium without a window keeps no page; with one, `npm run bench -- delivery` looks (T3).
const browsers = findBrowsers().filter(({ name, start }) => start && name !== 'Chromium');

describe.each(browsers)('the back-forward cache of $name', ({ start }) => {
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

  it('takes a page that just tracked; restored, it goes on with the same client', async () => {
    const page = await visit.open();
    await page.run(() => {
      Object.assign(window, { isTheSamePage: true });
    });
    await page.leave(() => window.sdk.track('before'));
    await page.goBack();
    expect(await page.run(() => 'isTheSamePage' in window)).toBe(true);
    await page.run(() => window.sdk.track('after'));
    await expect
      .poll(() => visit.events().map(({ event }) => event), { timeout: 15_000 })
      .toEqual(['before', 'after']);
    expect(new Set(visit.events().map(({ sessionId }) => sessionId)).size).toBe(1);
  });
});
