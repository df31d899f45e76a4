import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, findBrowsers } from '../../../../scripts/browsers/browsers.mjs';
import { startVisit, type Visit } from './visit.ts';

describe.each(findBrowsers().filter(({ start }) => start))('autocapture in $name', ({ name, start }) => {
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

  /** Opens a page and starts the built sub-path in it. */
  async function open() {
    const page = await visit.open();
    await page.run(async () => {
      const script = Object.assign(document.createElement('script'), { type: 'module' });
      script.textContent = `import { autocapture } from '/sub-path/autocapture.js';
        autocapture(sdk);
        dispatchEvent(new Event('started'));`;
      const started = new Promise((resolve) => void addEventListener('started', resolve, { once: true }));
      document.head.append(script);
      await started;
    });
    return page;
  }

  const told = () =>
    visit.events().map(({ type, event = type, properties = {} }) => ({ event, ...properties }));

  it('tells a visit from the first page to the last moment', async () => {
    const page = await open();
    await page.run(async () => {
      document.body.innerHTML = `<button id="buy">Buy <input value="s3cret"></button>
        <form id="join"><input name="id" value="s3cret"></form>`;
      addEventListener('submit', (event) => event.preventDefault());
      document.querySelector<HTMLElement>('#buy')?.click();
      document.querySelector('form')?.requestSubmit();
      history.pushState(null, '', '/cart');
      await new Promise((resolve) => setTimeout(resolve, 20));
      setTimeout(() => {
        throw new TypeError('on purpose');
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      window.complaints = [];
    });
    await page.leave(() => {});
    await expect.poll(() => told().filter(({ event }) => event === '$page_leave').length).toBe(2);

    expect(told()).toMatchObject([
      { event: 'page', $navigation: 'load', path: '/' },
      { event: '$click', $id: 'buy', $text: 'Buy' },
      { event: '$form_submit', $selector: 'form#join' },
      { event: '$page_leave', $path: '/', $scroll_depth: 100, $engaged_ms: expect.any(Number) },
      { event: 'page', $navigation: 'push', path: '/cart', $previous_path: '/' },
      { event: '$error', $type: 'TypeError', $message: expect.stringContaining('on purpose') },
      { event: '$page_leave', $path: '/cart' },
    ]);
    expect(visit.collector.batches.map(({ json }) => json).join('')).not.toContain('s3cret');
  });

  it('counts a page again that comes back as it was left, where the engine keeps it', async () => {
    const page = await open();
    await visit.taken(1);
    await page.leave(() => {
      document.title = 'As it was left';
    });
    // Driven or not, not every engine keeps pages; one that is loaded anew has no client yet.
    await page.run(() => history.back()).catch(() => {});
    const title = () => page.run(() => document.title).catch(() => '');
    await expect.poll(title, { timeout: 15_000 }).toMatch(/^(A page|As it was left)$/);
    const isRestored = (await title()) === 'As it was left';
    // Chromium keeps none while it is driven.
    expect(isRestored).toBe(name !== 'Chromium');
    if (isRestored) {
      await expect.poll(() => told().at(-1)).toMatchObject({ event: 'page', $navigation: 'restore' });
    }
  });
});
