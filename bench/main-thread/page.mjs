import { startCollector } from '../delivery/collector.mjs';
import { startSite } from '../delivery/site.mjs';

/**
 * A page that holds one SDK and a collector beside it, without a slow network between: `{ page, collector, cdp,
 * reload, end }`. Its clock is fine enough for microseconds.
 */
export async function openMeasuredPage(browser, code) {
  const collector = await startCollector();
  const site = await startSite(code, `http://127.0.0.1:${collector.port}`, 'wk_bench', {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const load = async () => {
    await page.goto(site.url);
    await page.waitForFunction(() => Boolean(globalThis.bench?.track));
  };
  await load();
  if (!(await page.evaluate(() => globalThis.crossOriginIsolated))) throw new Error('the clock is coarse');
  return {
    page,
    collector,
    context,
    cdp: await context.newCDPSession(page),
    reload: load,
    async end() {
      await context.close();
      await Promise.all([site.close(), collector.close()]);
    },
  };
}
