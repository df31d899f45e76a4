import puppeteer from 'puppeteer-core';

/** @typedef {import('./browsers.mjs').Browser} Browser */

/**
 * Firefox without a window, over WebDriver BiDi.
 * @param {string} executablePath
 * @returns {Promise<Browser>}
 */
export async function startFirefox(executablePath) {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  return {
    async openProfile() {
      const context = await browser.createBrowserContext();
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
