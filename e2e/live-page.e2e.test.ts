/// <reference lib="dom" />
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPage } from './support/chromium.ts';
import { type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const START_MS = 90_000;
const CLICKS = 9;

/** What a test uses of the SDK's client. */
interface Client {
  track(event: string, properties?: object): void;
  flush(): Promise<boolean>;
}

let dataDir: string;
let millrace: Millrace;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-live-'));
  millrace = await startMillrace({ dataDir });
  page = await openPage('about:blank');
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(millrace.url);
  await page.locator('[data-testid=status][data-tone=good]').waitFor();
}, START_MS);

afterAll(async () => {
  await page?.close();
  await millrace?.stop();
  await rm(dataDir, { recursive: true, force: true });
}, START_MS);

it('a click on "Add to cart" is in the view, and on the page', async () => {
  const shop = await shopFrame();
  const waits: number[] = [];
  for (let click = 1; click <= CLICKS; click += 1) {
    const shown = whenCountIs('add_to_cart', click);
    const clickedAt = await shop
      .getByTestId('add-to-cart')
      .first()
      .evaluate((button: HTMLElement) => {
        const now = Date.now();
        button.click();
        return now;
      });
    waits.push((await shown) - clickedAt);
  }
  // How long is measured in bench/; a test on a busy machine only says it.
  console.log(`click to page, ms: ${waits.join(' ')}`);

  const rows = await query<{ product: string; copies: number }>(
    `SELECT properties.product_id AS product, count() AS copies FROM events
     WHERE event = 'add_to_cart' GROUP BY product`,
  );
  expect(rows).toEqual([{ product: 'wheat-flour', copies: CLICKS }]);
  const inStream = page.locator('[data-testid=stream-row][data-event=add_to_cart]');
  expect(await inStream.count()).toBe(CLICKS);
});

it('an order brings the person and the revenue', async () => {
  const shop = await shopFrame();
  const shown = whenCountIs('order_completed', 1);
  await shop.getByTestId('open-cart').click();
  await shop.getByTestId('checkout').click();
  await shop.getByTestId('place-order').click();
  await shown;
  const [order] = await query<Record<string, unknown>>(
    `SELECT user_id != '' AS known, toFloat64(revenue) AS revenue, currency, path,
            anonymous_id IN (SELECT anonymous_id FROM events WHERE event = 'add_to_cart') AS same_visitor
     FROM events WHERE event = 'order_completed'`,
  );
  expect(order).toMatchObject({ known: 1, revenue: (420 * CLICKS) / 100, currency: 'EUR', same_visitor: 1 });
  const seen = await query<{ event: string }>('SELECT DISTINCT event FROM events ORDER BY event');
  expect(seen.map((row) => row.event)).toEqual([
    '$identify',
    '$page',
    'add_to_cart',
    'checkout_started',
    'order_completed',
  ]);
});

it('the chart and the figures move', async () => {
  const events = await query<{ events: number }>('SELECT sum(events) AS events FROM event_counts');
  await waitFor(async () => (await textOf('total-events')) === String(events[0]?.events));
  expect(await textOf('total-people')).toBe('2');
  expect(await textOf('latency')).toMatch(/^[\d,]+ ms$/);
  await page.getByText(/\d+ in the last minute/).waitFor();
});

it('the box answers SQL, and says in words what is wrong with a query', async () => {
  await page.getByTestId('sql').fill('SELECT 6 * 7 AS answer');
  await page.getByTestId('sql').press('Control+Enter');
  await page.getByRole('cell', { name: '42' }).waitFor();
  await page.getByTestId('sql').fill('INSERT INTO events (event) VALUES (1)');
  await page.getByTestId('run-sql').click();
  await page.getByTestId('sql-answer').getByRole('alert').waitFor();
  const refusals = complaints.splice(0);
  expect(refusals).toHaveLength(1);
  expect(refusals[0]).toMatch(/status of 40\d/);
});

it('a page elsewhere cannot query, not even on this machine', async () => {
  const site = createServer((_, response) => response.end('elsewhere'));
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  const elsewhere = await openPage(`http://127.0.0.1:${port}/`);
  try {
    const answered = await elsewhere.evaluate(async (url) => {
      const attempts = [
        () => fetch(`${url}/sql`, { method: 'POST', body: 'SELECT 1' }),
        () => fetch(`${url}/api/info`),
        () => fetch(`${url}/api/live`),
      ];
      const outcomes = await Promise.allSettled(attempts.map((attempt) => attempt()));
      return outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    }, millrace.url);
    expect(answered).toBe(0);
  } finally {
    await elsewhere.close();
    site.close();
  }
});

it('what a browser had to drop is told by reason, and can be counted in SQL', async () => {
  const visitor = await openPage(millrace.url);
  try {
    await visitor.addScriptTag({ url: `${millrace.url}/millrace.js` });
    await visitor.evaluate(
      async (options) => {
        const { millrace } = window as unknown as { millrace: { createAnalytics(given: object): Client } };
        const client = millrace.createAnalytics(options);
        for (let copy = 0; copy < 2; copy += 1) client.track('huge', { text: 'x'.repeat(40_000) });
        client.track('');
        client.track('fits');
        await client.flush();
        await client.flush();
      },
      { writeKey: millrace.writeKey, host: millrace.url },
    );
    const losses = () =>
      query<Record<string, number>>(
        `SELECT toUInt32(sum(properties.too_large::UInt32)) AS too_large,
                toUInt32(sum(properties.invalid::UInt32)) AS invalid
         FROM events WHERE event = '$sdk_losses'`,
      );
    await waitFor(async () => (await losses())[0]?.too_large === 2);
    expect(await losses()).toEqual([{ too_large: 2, invalid: 1 }]);
  } finally {
    await visitor.close();
  }
});

it('the page says when the server is gone', async () => {
  expect(complaints).toEqual([]);
  await millrace.stop();
  await page.getByText('The server does not answer.').waitFor();
  expect(await page.getByTestId('status').textContent()).toContain('Disconnected');
});

async function shopFrame(): Promise<Frame> {
  const frame = await (await page.waitForSelector('[data-testid=shop]')).contentFrame();
  if (!frame) throw new Error('the page has no shop');
  await frame.getByTestId('open-cart').waitFor();
  return frame;
}

/** Resolves with the time, by the page's own clock, at which it shows that count. */
function whenCountIs(event: string, count: number): Promise<number> {
  return page.evaluate(
    ([testId, expected]) =>
      new Promise<number>((resolve, reject) => {
        const isShown = () => document.querySelector(`[data-testid="${testId}"]`)?.textContent === expected;
        const observer = new MutationObserver(() => {
          if (!isShown()) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        setTimeout(() => reject(new Error(`${testId} never showed ${expected}`)), 15_000);
      }),
    [`count-${event}`, String(count)] as const,
  );
}

async function textOf(testId: string): Promise<string | null> {
  return page.getByTestId(testId).textContent();
}

async function query<Row>(sql: string): Promise<Row[]> {
  return (await millrace.warehouse()).query<Row>(sql);
}
