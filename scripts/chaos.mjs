#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { help } from './lib/run.mjs';
import { ensureBuilt, ensureInstalled, requireNode } from './lib/setup.mjs';

help(`
npm run chaos [-- --seeds N] [--seconds N] [--seed N]

Runs all of Millrace under load from clients that retry, and kills server, loader and ClickHouse with SIGKILL at
random moments. Then all is stopped in order, started again, loaded and counted: acknowledged events = rows of events = message ids = the
rollup's total, and nothing was rejected.

  --seeds N      how many runs, each with a seed of its own (default 10)
  --seconds N    how long the load of each lasts (default 20)
  --seed N       the first seed (default 1); with --seeds 1, the run of that seed again

Prints one line a run. A run that fails is named with its seed and its data folder, which is kept.
`);

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [seeds, seconds, first] = [number('seeds'), number('seconds'), number('seed')];

function number(name) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${name}: expected a whole number above 0, got ${values[name]}`);
  return process.exit(2);
}

requireNode();
await ensureInstalled();
await ensureBuilt();
const { runChaos } = await import('../e2e/chaos/run-chaos.mjs');

const rows = [];
const failed = [];
for (let seed = first; seed < first + seeds; seed++) {
  const result = await runChaos({ seed, seconds }).catch((error) => ({ seed, problems: [String(error)] }));
  const { problems, acked, totals, kills, retries, drainSeconds } = result;
  rows.push({
    seed,
    acked,
    ...totals,
    ...prefixed('killed', kills),
    retries,
    'drain s': drainSeconds,
    ok: problems.length === 0,
  });
  console.log(`seed ${seed}: ${problems.length === 0 ? `ok, ${acked} events` : 'FAILED'}`);
  if (problems.length === 0) continue;
  failed.push(seed);
  for (const problem of problems) console.log(`  ${problem}`);
  console.log(
    `  data: ${result.dataDir ?? 'none'}; again: npm run chaos -- --seeds 1 --seconds ${seconds} --seed ${seed}`,
  );
}

function prefixed(prefix, counts = {}) {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix} ${name}`, count]));
}

console.table(rows);
console.log(failed.length === 0 ? `All ${seeds} runs exact.` : `Not exact: seeds ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
