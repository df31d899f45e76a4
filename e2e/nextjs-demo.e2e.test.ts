/// <reference lib="dom" />
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPage } from './support/chromium.ts';
import { freePorts } from './support/free-ports.mjs';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const SLOW_MS = 240_000;
const DEMO = join(import.meta.dirname, '../examples/nextjs-demo');
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/153.0.0.0 Safari/537.36';
const TITLES: Record<string, string> = { control: 'Tea, ground by nobody', bold: 'Six teas. No regrets.' };
const LABELS: Record<string, string> = { control: 'Add to cart', steep: 'Steep this one' };

let dataDir: string;
let millrace: Millrace;
let shop: ChildProcess;
let shopUrl: string;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-nextjs-'));
  const next = join(DEMO, 'node_modules/next/dist/bin/next');
  const quiet = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  [millrace] = await Promise.all([
    startMillrace({ dataDir }),
    run(process.execPath, [next, 'build'], { cwd: DEMO, env: quiet }),
  ]);
  await run(process.execPath, [MAIN, 'definitions', 'put', join(DEMO, 'millrace.json')], {
    env: millrace.env,
  });
  const made = await run(process.execPath, [MAIN, 'key', 'create', '--server'], { env: millrace.env });
  const [serverKey = ''] = /\bsk_\w+/.exec(made.stdout) ?? [];
  const [port] = await freePorts(1);
  shopUrl = `http://127.0.0.1:${port}`;
  shop = spawn(process.execPath, [next, 'start', '--port', String(port), '--hostname', '127.0.0.1'], {
    cwd: DEMO,
    env: {
      ...quiet,
      MILLRACE_HOST: millrace.url,
      MILLRACE_WRITE_KEY: millrace.writeKey,
      MILLRACE_SERVER_KEY: serverKey,
    },
    stdio: 'ignore',
  });
  await waitFor(async () => (await fetch(shopUrl).catch(() => undefined))?.ok === true, 60_000);
}, SLOW_MS);

afterAll(async () => {
  await page?.close();
  if (shop?.kill('SIGTERM')) await once(shop, 'exit');
  await millrace?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, SLOW_MS);

/** As a new visitor; a browser that says that a program steers it is in no experiment. */
async function openShop(): Promise<void> {
  page = await openPage('about:blank', { userAgent: USER_AGENT });
  await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
}

const rows = async <Row>(sql: string): Promise<Row[]> => (await millrace.warehouse('reader')).query<Row>(sql);
const events = async () =>
  (await rows<{ event: string }>('SELECT DISTINCT event FROM events')).map(({ event }) => event);
const headline = () => page.locator('h1').textContent();
const variantOf = (experiment: string) =>
  page.locator(`[data-experiment=${experiment}]`).getAttribute('data-variant');

it('shows what the server rendered, from the first paint on, and measures nobody before the yes', async () => {
  await openShop();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  // Every headline that was ever on the page, from before its first script.
  await page.addInitScript(() => {
    const shown = new Set<string>();
    Object.assign(window, { shown });
    const look = () => {
      const text = document.querySelector('h1')?.textContent;
      if (text) shown.add(text);
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
  });
  const served = await (await page.goto(shopUrl))?.text();
  await page.getByRole('dialog', { name: 'Consent' }).waitFor();
  const variant = (await variantOf('headline')) ?? '';
  expect(await headline()).toBe(TITLES[variant]);
  expect(served).toContain(TITLES[variant]);
  expect(await page.evaluate(() => [...(window as unknown as { shown: Set<string> }).shown])).toEqual([
    TITLES[variant],
  ]);
  expect(complaints).toEqual([]);
  expect(await events()).toEqual([]);
});

it('a yes sends what waited; the order is the server’s; all of it is one visitor with one variant everywhere', async () => {
  await page.getByRole('button', { name: 'Yes' }).click();
  const variant = await variantOf('headline');
  await page.getByRole('link', { name: /Mill Pond Green/ }).click();
  const buy = page.locator('article button');
  await buy.waitFor();
  const label = await buy.textContent();
  await buy.click();
  await page.getByRole('status').filter({ hasText: '1 in the cart' }).waitFor();
  // Loaded anew, everything is as it was.
  await page.reload();
  expect(await buy.textContent()).toBe(label);
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByRole('button', { name: 'Order' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  await page.goto(shopUrl);
  expect(await headline()).toBe(TITLES[variant ?? '']);

  await waitFor(async () => (await events()).includes('Order Completed'), 20_000);
  const exposures = () =>
    rows<{ experiment: string; variant: string; n: number }>(
      `SELECT properties.experiment AS experiment, properties.variant AS variant, toUInt32(count()) AS n
       FROM events WHERE event = '$exposure' GROUP BY experiment, variant ORDER BY experiment`,
    );
  await waitFor(async () => (await exposures()).length === 2, 20_000);
  expect(await exposures()).toEqual([
    { experiment: 'buy_button', variant: label === LABELS.steep ? 'steep' : 'control', n: 1 },
    { experiment: 'headline', variant, n: 1 },
  ]);
  const people = await rows<{ people: number; revenue: number }>(
    'SELECT toUInt32(uniqExact(anonymous_id)) AS people, toFloat64(sum(revenue)) AS revenue FROM events',
  );
  expect(people).toEqual([{ people: 1, revenue: 11.9 }]);
  // The same variants once more, from the definitions and the id alone.
  const audit = await rows<{ matches: number }>(
    'SELECT toUInt32(countIf(matches)) AS matches FROM assignment_audit',
  );
  expect(audit).toEqual([{ matches: 2 }]);
  expect(complaints).toEqual([]);
});

it('a no leaves no id, and measures nothing', async () => {
  const visitors = () => rows('SELECT DISTINCT anonymous_id FROM events');
  const before = await visitors();
  await page.close();
  await openShop();
  await page.goto(shopUrl);
  await page.getByRole('button', { name: 'No' }).click();
  await page.goto(shopUrl);
  await page.getByRole('link', { name: /Paddle White/ }).click();
  await page.locator('article button').click();
  await page.getByRole('status').filter({ hasText: '1 in the cart' }).waitFor();
  const names = (await page.context().cookies()).map(({ name }) => name).sort();
  expect(names).toEqual(['cart', 'shop_consent']);
  expect(await visitors()).toEqual(before);
});
