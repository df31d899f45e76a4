import { openMeasuredPage } from './page.mjs';

const TASKS = 400;
const CALLS_A_TASK = 10;

/** What `track()` takes of the page's thread: `{ p50, p99, max }` in microseconds, over 4,000 calls of 250 bytes. */
export async function measureTrack(browser, code) {
  const { page, end } = await openMeasuredPage(browser, code);
  const micros = await page.evaluate(trackInTasks, [TASKS, CALLS_A_TASK, 250, true]);
  await end();
  // The first tasks run what the compiler has not seen yet, as on every page; they count too.
  micros.sort((a, b) => a - b);
  const at = (share) => Math.round(micros[Math.floor((micros.length - 1) * share)]);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
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
