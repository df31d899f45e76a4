import { chromium } from 'playwright-core';
import { chromiumLaunch } from '../chromium.mjs';

/** @typedef {import('./browsers.mjs').Browser} Browser */

/**
 * Chromium without a window.
 * @returns {Promise<Browser>}
 */
export async function startChromium() {
  const browser = await chromium.launch({ ...(await chromiumLaunch()), headless: true });
  return {
    async openProfile() {
      const context = await browser.newContext();
      return {
        async openTab() {
          const page = await context.newPage();
          return {
            goto: async (url) => void (await page.goto(url)),
            run: (source) => page.evaluate(source),
            show: () => page.bringToFront(),
            close: () => page.close(),
          };
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
