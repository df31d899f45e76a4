import { openMeasuredPage } from './page.mjs';
import { trackInTasks } from './track-cost.mjs';

const LONG_MS = 5;
const STORED = 900;

/**
 * The tasks of the page's main thread, by processor time, from Chromium's trace: while events come at an ordinary
 * pace, and while a page starts that finds events of an earlier one. `{ long, longest }` each, in milliseconds.
 */
export async function measureTasks(browser, code) {
  const { page, context, cdp, reload, end } = await openMeasuredPage(browser, code);
  await page.waitForTimeout(500);
  const steady = await traced(browser, page, () => page.evaluate(trackInTasks, [300, 2, 500, false]));

  await context.setOffline(true);
  await page.evaluate(trackInTasks, [STORED / 10, 10, 500, false]);
  await page.waitForTimeout(1_000);
  await page.goto('about:blank').catch(() => {});
  await context.setOffline(false);
  await cdp.detach();
  const start = await traced(browser, page, async () => {
    await reload();
    await page.waitForTimeout(2_000);
  });
  await end();
  return { steady, start };
}

async function traced(browser, page, work) {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  const tasks = traceEvents
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && main.has(`${pid}:${tid}`))
    .map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000);
  if (tasks.length === 0) throw new Error('the trace has no tasks of the main thread');
  return {
    tasks: tasks.length,
    long: tasks.filter((ms) => ms > LONG_MS).length,
    longest: Number(Math.max(...tasks).toFixed(1)),
    totalMs: Number(tasks.reduce((sum, ms) => sum + ms, 0).toFixed(0)),
  };
}
