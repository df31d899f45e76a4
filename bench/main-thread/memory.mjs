import { openMeasuredPage } from './page.mjs';

const EVENTS = 100_000;
const STEPS = 5;
const AT_ONCE = 500;

/** The page's heap after a collection, in MB, at 0, 20,000 … 100,000 events, and what its origin stores at the end. */
export async function measureMemory(browser, code, { offline }) {
  const { page, context, cdp, collector, end } = await openMeasuredPage(browser, code);
  await context.setOffline(offline);
  const heaps = [await heap(cdp)];
  for (let step = 0; step < STEPS; step++) {
    await page.evaluate(trackMany, [EVENTS / STEPS, AT_ONCE, step]);
    heaps.push(await heap(cdp));
  }
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  const result = { heaps, storedMb: megabytes(usage), arrived: collector.taken.size };
  await end();
  return result;
}

/** In the page: tracks `count` events, so many at once, then lets the page breathe until most have left. */
async function trackMany([count, atOnce, step]) {
  const filler = 'x'.repeat(200);
  for (let done = 0; done < count; done += atOnce) {
    for (let index = 0; index < atOnce; index++) {
      const name = `mk${String.fromCharCode(97 + step)}${String(done + index).padStart(5, '0')}km`;
      globalThis.bench.track(name, filler);
    }
    await (navigator.onLine ? globalThis.bench.flush() : new Promise((resolve) => setTimeout(resolve, 10)));
  }
}

const megabytes = (bytes) => Number((bytes / 1024 / 1024).toFixed(2));

async function heap(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return megabytes(usedSize);
}
