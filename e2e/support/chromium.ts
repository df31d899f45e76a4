import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumLaunch } from '../../scripts/chromium.mjs';

/** Opens a page in a fresh Chromium; closing it closes the browser. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const browser = await chromium.launch({ ...(await chromiumLaunch()), headless: true });
  const page = await browser.newPage(options);
  page.once('close', () => void browser.close());
  await page.goto(url);
  return page;
}
