import { startCollector } from './collector.mjs';
import { marker } from './decode.mjs';
import { startSite } from './site.mjs';
import { startSlowProxy } from './slow-proxy.mjs';

const LATENCY_MS = 60;
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36';

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * One cold run of one SDK: a fresh browser context, a site, and a collector behind a slow proxy. `product` is the
 * `{ url, writeKey }` of a Millrace that takes the place of the recorder.
 */
export async function startVisit(browser, code, product) {
  const collector = await startCollector(product?.url);
  const proxy = await startSlowProxy(collector.port, LATENCY_MS);
  const site = await startSite(code, `http://127.0.0.1:${proxy.port}`, product?.writeKey ?? 'wk_bench');
  const context = await browser.newContext({ userAgent: USER_AGENT });
  context.setDefaultTimeout(20_000);

  const visit = {
    collector,
    proxy,
    site,
    context,
    /** How many events of kind `a` the pages were given. */
    tracked: 0,
    /** What pages heard of errors that nobody caught. */
    complaints: [],
    /** Opens the site in a new tab; resolves when its SDK can track. */
    async open(kind) {
      const page = await context.newPage();
      page.on('pageerror', (error) => visit.complaints.push(error.message));
      await visit.load(page);
      if (kind) await visit.track(page, kind, 1);
      return page;
    },
    async load(page) {
      await page.goto(site.url);
      await page.waitForFunction(() => Boolean(globalThis.bench?.track));
    },
    /** Tracks `count` events of a kind with `fillerBytes` of noise each, in one task; with `leave`, the page is left in the same task. */
    async track(page, kind, count, { fillerBytes = 0, leave = false, from = 0 } = {}) {
      const markers = Array.from({ length: count }, (_, index) => marker(kind, from + index));
      if (kind === 'a') visit.tracked += count;
      const fillers = markers.map(() => noise(fillerBytes));
      const job = page.evaluate(
        ([names, filler, away]) => {
          for (const [index, name] of names.entries()) globalThis.bench.track(name, filler[index]);
          if (away) globalThis.location.href = away;
        },
        [markers, fillers, leave && site.elsewhere],
      );
      if (!leave) return job;
      await job.catch(() => {});
      await page.waitForURL(site.elsewhere);
    },
    async leave(page) {
      await page.goto(site.elsewhere);
    },
    /** Resolves when `count` events of a kind were taken, or when `ms` are over. */
    async until(kind, count, ms) {
      const end = performance.now() + ms;
      while (collector.count(kind) < count && performance.now() < end) await pause(50);
    },
    async end() {
      await context.close();
      await Promise.all([site.close(), proxy.close()]);
      await collector.close();
    },
  };
  return visit;
}

/** Text that does not compress well. */
function noise(bytes) {
  let text = '';
  while (text.length < bytes) text += Math.random().toString(36).slice(2);
  return text.slice(0, bytes);
}
