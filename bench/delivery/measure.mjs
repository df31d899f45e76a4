import { chromium } from 'playwright-core';
import { findFullChromium } from '../../scripts/browsers/find-browsers.mjs';
import { chromiumLaunch } from '../../scripts/chromium.mjs';
import { startVisit } from './visit.mjs';

/** Chromium, with a back-forward cache where this machine has one that knows it. */
export async function startChromium() {
  const { args, ...launch } = await chromiumLaunch();
  const full = findFullChromium();
  if (full) launch.executablePath = full;
  return chromium.launch({
    ...launch,
    headless: true,
    args: [...args, '--disable-blink-features=AutomationControlled'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

/**
 * Runs a scenario as often as it says and sums the counts:
 * `{ of, gone, back, duplicates, preflights, complaints, note, ms }`; `failed` says why a run did not reach its end.
 */
export async function measure(browser, code, scenario, product) {
  const sum = { of: 0, back: 0, duplicates: 0, preflights: 0, complaints: [] };
  for (let run = 0; run < scenario.runs; run++) {
    const visit = await startVisit(browser, code, product);
    const found = await scenario.run(visit).catch((error) => ({ failed: String(error).split('\n')[0] }));
    sum.of += visit.tracked;
    sum.back += visit.collector.count('a');
    if (found.gone !== undefined) sum.gone = (sum.gone ?? 0) + found.gone;
    for (const key of ['note', 'ms', 'failed']) if (found[key]) sum[key] = found[key];
    sum.duplicates += visit.collector.duplicates();
    sum.preflights += visit.collector.preflights;
    sum.complaints.push(...visit.complaints);
    await visit.end();
  }
  return sum;
}

/** Runs `jobs`, at most `width` at a time, and resolves with what they resolve with. */
export async function inParallel(jobs, width) {
  const results = [];
  const waiting = [...jobs.entries()];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await next[1]();
    }),
  );
  return results;
}
