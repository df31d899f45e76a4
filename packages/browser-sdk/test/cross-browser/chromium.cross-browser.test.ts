import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumLaunch } from '../../../../scripts/chromium.mjs';
import { type RecordingCollector, startRecordingCollector } from '../recording-collector.ts';
import { type Site, startSite } from './site.ts';
// For the globals of a page.
import type {} from './visit.ts';

// What needs hosts with names that nobody has, or a look at who waits for a lock.
let browser: Browser;
let context: BrowserContext;
let collector: RecordingCollector;
let site: Site;

beforeAll(async () => {
  const { args = [], ...launch } = await chromiumLaunch();
  const hosts = '--host-resolver-rules=MAP *.test 127.0.0.1';
  browser = await chromium.launch({ ...launch, headless: true, args: [...args, hosts, '--no-proxy-server'] });
});
afterAll(() => browser?.close());
beforeEach(async () => {
  [context, collector, site] = await Promise.all([
    browser.newContext(),
    startRecordingCollector(),
    startSite(),
  ]);
});
afterEach(async () => {
  await context?.close();
  await Promise.all([collector?.close(), site?.close()]);
});

/** A tab with a client, on a page of the site under another name of its host. */
async function openTab(hostname = '127.0.0.1'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(Object.assign(new URL(site.url), { hostname }).href);
  const options = { writeKey: 'wk_visit', host: collector.url };
  await page.evaluate((given) => {
    window.sdk = window.millrace!.createAnalytics(given);
  }, options);
  return page;
}

const trackIn = (page: Page, name: string) =>
  page.evaluate(async (event) => {
    window.sdk.track(event);
    return window.sdk.flush();
  }, name);

const eventsOf = () => collector.batches.flatMap(({ body }) => body.batch);

it('a visitor is one on all subdomains, another one on another site', async () => {
  const hosts = ['a.example.test', 'b.example.test', 'example.test', 'a.elsewhere.test'];
  for (const host of hosts) expect(await trackIn(await openTab(host), host)).toBe(true);
  expect(eventsOf().map(({ event }) => event)).toEqual(hosts);
  const [a, b, top, elsewhere] = eventsOf().map(({ anonymousId }) => anonymousId);
  expect(a).toMatch(/^[0-9a-f-]{36}$/);
  expect([b, top]).toEqual([a, a]);
  expect(elsewhere).toMatch(/^[0-9a-f-]{36}$/);
  expect(elsewhere).not.toBe(a);
  for (const { name, domain } of await context.cookies()) {
    expect(name).toBe('millrace_wk_visit');
    expect(['.example.test', '.elsewhere.test']).toContain(domain);
  }
});

// Dispatched: without a window every tab is seen, and Chromium freezes none that is.
describe('a tab whose request hangs', () => {
  const leave = {
    freeze: () => void document.dispatchEvent(new Event('freeze')),
    pagehide: () => void window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })),
  };

  it.each(Object.entries(leave))('gives its turn to another once it hears %s', async (_, dispatch) => {
    let answer = () => {};
    collector.answers = [{ until: new Promise((resolve) => (answer = resolve)) }];
    const [first, second] = [await openTab(), await openTab()];
    await first.evaluate(() => window.sdk.track('hangs'));
    await collector.arrived(1);
    await second.evaluate(() => window.sdk.track('of another tab'));
    const turns = () => second.evaluate(async () => (await navigator.locks.query()).pending?.length);
    await expect.poll(turns).toBe(1);
    expect(collector.batches).toHaveLength(1);

    await first.evaluate(dispatch);
    await collector.arrived(2);
    expect(eventsOf().map(({ event }) => event)).toEqual(['hangs', 'of another tab']);
    answer();
  });
});

it('the pasted snippet replays what was called before the script was there, in order', async () => {
  const page = await context.newPage();
  await page.goto(`${site.url}/pasted?collector=${encodeURIComponent(collector.url)}`);
  expect(await page.evaluate('wasLoaded')).toBe(false);
  await expect.poll(() => eventsOf().length, { timeout: 15_000 }).toBe(4);
  const [view, identify, early, later] = eventsOf();
  expect(view).toMatchObject({ type: 'page' });
  expect(identify).toMatchObject({ type: 'identify', userId: 'u1', traits: { plan: 'pro' } });
  expect(early).toMatchObject({ event: 'early', userId: 'u1', properties: { order: 1 } });
  expect(early?.properties).not.toHaveProperty('shop');
  expect(later).toMatchObject({ event: 'later', properties: { order: 2, shop: 'north' } });
});
