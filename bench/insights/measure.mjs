import { askInsight } from '@millrace/warehouse-schema';
import { median, quantile, round } from '../support/figures.mjs';

const LONG_MS = 8_000;
const MAX_SECONDS = 120;

/** One question once: how long, how much CPU, how much memory. */
async function timed({ reader, spent }, ask) {
  spent.cpuMs = 0;
  spent.peakBytes = 0;
  const begun = performance.now();
  await ask(reader);
  return { ms: performance.now() - begun, cpuMs: spent.cpuMs, peakMb: spent.peakBytes / 1e6 };
}

/** A question as something to be asked of a client; `now` is when. */
export function asker({ ask, sql }, now) {
  if (sql !== undefined)
    return (client) => client.query(sql, { settings: { max_execution_time: MAX_SECONDS } });
  const [name, question] = ask;
  return (client) =>
    askInsight(name, { client, projectId: 1, maxSeconds: MAX_SECONDS, now: () => now }, question);
}

/** Each of `sides` (`{ who, ask }`) in turn, `runs` times after one that warms up; those that take very long, once. */
export async function measureSides(warehouse, sides, runs) {
  const found = sides.map((side) => ({ ...side, runs: [] }));
  for (let turn = 0; turn <= runs; turn++) {
    for (const side of found) {
      if (side.failed || (turn > 1 && side.runs[0]?.ms > LONG_MS)) continue;
      try {
        const run = await timed(warehouse, side.ask);
        if (turn > 0) side.runs.push(run);
      } catch (error) {
        const code = error.cause?.code ?? error.code;
        side.failed = `${code === 'out_of_memory' || code === '241' ? 'out of memory' : error.message.slice(0, 120)}`;
      }
    }
  }
  return found.map(({ who, failed, runs: all }) => ({
    who,
    failed,
    p50: round(median(all.map(({ ms }) => ms)), 0),
    p95: round(
      quantile(
        all.map(({ ms }) => ms),
        0.95,
      ),
      0,
    ),
    cpuMs: round(median(all.map(({ cpuMs }) => cpuMs)), 0),
    peakMb: round(Math.max(...all.map(({ peakMb }) => peakMb)), 0),
  }));
}
