import { openMeasuredPage } from './page.mjs';

const TASKS = 400;
const CALLS_A_TASK = 10;

/**
 * What `track()` takes of the page's thread, in microseconds, over 4,000 calls of 250 bytes: `first` of each task, as
 * a click's handler calls it, with nothing in the processor's caches, and `later` ones. `{ p50, p99 }` each.
 */
export async function measureTrack(browser, code) {
  const { page, end } = await openMeasuredPage(browser, code);
  const micros = await page.evaluate(trackInTasks, [TASKS, CALLS_A_TASK, 250, true]);
  await end();
  const isFirst = (index) => index % CALLS_A_TASK === 0;
  return {
    first: quantiles(micros.filter((_, index) => isFirst(index))),
    later: quantiles(micros.filter((_, index) => !isFirst(index))),
  };
}

function quantiles(micros) {
  const sorted = micros.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]);
  return { p50: at(0.5), p99: at(0.99) };
}

/** In the page: tracks some events in each of many tasks, 5 ms apart; resolves with the microseconds of each call. */
export async function trackInTasks([tasks, calls, bytes, measured]) {
  const took = [];
  const filler = 'x'.repeat(bytes);
  for (let task = 0; task < tasks; task++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let call = 0; call < calls; call++) {
      const begun = performance.now();
      globalThis.bench.track(`mkm${String(task * calls + call).padStart(5, '0')}km`, filler);
      if (measured) took.push((performance.now() - begun) * 1000);
    }
  }
  return took;
}
