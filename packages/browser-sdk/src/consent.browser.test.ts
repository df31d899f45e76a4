import { createStore, keys } from 'idb-keyval';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { commands } from 'vitest/browser';
import type { AnalyticsOptions } from './index.ts';
import { openSdkPage } from './testing/sdk-page.ts';

let host: string;
let writeKey: string;

beforeEach(async () => {
  host = await commands.startCollector();
  writeKey = `wk_${crypto.randomUUID()}`;
  return () => commands.stopCollector(host);
});

async function open() {
  const page = await openSdkPage();
  onTestFinished(page.close);
  const start = (options: Partial<AnalyticsOptions> = {}) =>
    page.window.createAnalytics({ writeKey, host, ...options });
  return { page, start };
}

const localKeys = () => Object.keys(localStorage).filter((key) => key.includes(writeKey));
const hasCookie = () => document.cookie.includes(writeKey);
const storedIds = () => keys(createStore(`millrace_${writeKey}`, 'events'));

it('holds events in memory while consent is pending, and sends them once it is granted', async () => {
  const { page, start } = await open();
  const analytics = start({ consent: 'pending' });
  analytics.track('held');
  expect(await analytics.flush()).toBe(false);
  expect([localKeys(), hasCookie()]).toEqual([[], false]);
  analytics.setConsent('granted');
  expect(await analytics.flush()).toBe(true);
  const { batches } = await commands.readCollector(host, 1);
  expect(batches.flatMap(({ body }) => body.batch.map(({ event }) => event))).toEqual(['held']);
  expect(hasCookie()).toBe(true);

  await page.reload();
  expect(start({ consent: 'pending' }).consent()).toBe('granted');
});

it('forgets events and ids when consent is denied, in memory, storage and cookies', async () => {
  await commands.setCollector(host, { offline: true });
  const { page, start } = await open();
  const analytics = start();
  analytics.track('to be forgotten');
  await expect.poll(storedIds).toHaveLength(1);
  expect(hasCookie()).toBe(true);
  analytics.setConsent('denied');
  analytics.track('not taken');
  await expect.poll(storedIds).toEqual([]);
  expect([localKeys(), hasCookie()]).toEqual([[`consent.millrace_${writeKey}`], false]);

  await page.reload();
  const later = start();
  later.track('not taken either');
  expect([later.consent(), await later.flush()]).toEqual(['denied', true]);
  await commands.setCollector(host, { offline: false });
  expect((await commands.readCollector(host, 0)).batches).toEqual([]);
});

it('keeps no id in a browser with Global Privacy Control, and removes what was kept before', async () => {
  const { page, start } = await open();
  start().track('before');
  await commands.readCollector(host, 1);
  const earlier = start().ids().anonymousId;
  await page.reload();
  Object.defineProperty(page.window.navigator, 'globalPrivacyControl', { value: true });
  const analytics = start();
  analytics.track('after');
  expect(await analytics.flush()).toBe(true);
  expect(analytics.ids().anonymousId).not.toBe(earlier);
  expect([localKeys(), hasCookie()]).toEqual([[], false]);
});
