// From the text of a definitions document of 1,000 flags to its use, beside JSON.parse of the same text; the goal is
// 5 ms of CPU. Each turn in a process of its own: `first` is what a page or a server pays once, cold.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { median, round, spread } from './support/figures.mjs';

const FLAGS = 1_000;
const TURNS = 5;

async function measure() {
  const child = fork(new URL('./definitions/measure.mjs', import.meta.url), [String(FLAGS)]);
  const exited = once(child, 'exit');
  const [found] = await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => {
      throw new Error(`it ended with code ${code} and measured nothing`);
    }),
  ]);
  await exited;
  return found;
}

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) turns.push(await measure());
  const [{ bytes, compiledBytes, steps }] = turns;
  const rows = steps.map(({ what }, index) => {
    const of = (figure) => turns.map((turn) => turn.steps[index][figure]);
    return {
      what,
      'first CPU ms': round(median(of('first')), 2),
      spread: spread(of('first'), 2),
      'warm CPU ms': round(median(of('warm')), 2),
    };
  });
  return { name: 'definitions', flags: FLAGS, servedBytes: bytes, compiledBytes, rows };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  console.log(`${result.flags} flags, ${result.servedBytes} bytes served to a client`);
  console.table(result.rows);
}
