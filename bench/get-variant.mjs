// The variant of a unit, a second of CPU: our evaluator beside those of GrowthBook, Unleash and Optimizely, each in a
// process of its own, in turns; medians of the rounds.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { SDKS } from './get-variant/sdks.mjs';
import { median, round, spread } from './support/figures.mjs';

const ROUNDS = 3;
const MS = 2_000;

async function measure(name) {
  const child = fork(new URL('./get-variant/measure.mjs', import.meta.url), [name, String(MS)], {
    execArgv: ['--expose-gc'],
  });
  const exited = once(child, 'exit');
  const [found] = await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => {
      throw new Error(`${name} ended with code ${code} and measured nothing`);
    }),
  ]);
  await exited;
  return found;
}

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const names = Object.keys(SDKS);
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const name of names) found[name].push(await measure(name));
  }
  const rates = (name) => found[name].map(({ perCpuSecond }) => perCpuSecond);
  const ours = median(rates('millrace'));
  const rows = names.map((sdk) => ({
    sdk,
    'assignments/s of CPU': Math.round(median(rates(sdk))),
    spread: spread(rates(sdk), 0),
    'ours is x times': round(ours / median(rates(sdk))),
    'share of treatment': round(median(found[sdk].map(({ share }) => share)), 3),
    'heap grown, MB': round(median(found[sdk].map(({ heapMb }) => heapMb)), 2),
  }));
  return { name: 'get-variant', rows };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.table((await run()).rows);
}
