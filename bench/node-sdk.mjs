// track() on a server: calls a second and what they do to the event loop, for ours beside posthog-node and
// @segment/analytics-node, each in a process of its own, in turns; medians of the rounds.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { SDKS } from './node-sdk/sdks.mjs';
import { median, round, spread } from './support/figures.mjs';

const ROUNDS = 3;
const MS = 3_000;

async function measure(name, sink, port) {
  const client = fork(new URL('./node-sdk/client.mjs', import.meta.url), [
    name,
    `http://127.0.0.1:${port}`,
    String(MS),
  ]);
  const exited = once(client, 'exit');
  const [found] = await Promise.race([
    once(client, 'message'),
    exited.then(([code]) => {
      throw new Error(`${name} ended with code ${code} and measured nothing`);
    }),
  ]);
  await exited;
  const counted = once(sink, 'message');
  sink.send('count');
  const [{ events }] = await counted;
  return { ...found, delivered: events / found.calls };
}

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const sink = fork(new URL('./node-sdk/sink.mjs', import.meta.url));
  const [{ port }] = await once(sink, 'message');
  const found = Object.fromEntries(Object.keys(SDKS).map((name) => [name, []]));
  try {
    for (let turn = 0; turn < ROUNDS; turn++) {
      for (const name of Object.keys(SDKS)) found[name].push(await measure(name, sink, port));
    }
  } finally {
    sink.disconnect();
  }
  const rows = Object.entries(found).map(([sdk, results]) => {
    const of = (key) => median(results.map((result) => result[key]));
    return {
      sdk,
      'track()/s': Math.round(of('perSecond')),
      spread: spread(
        results.map(({ perSecond }) => perSecond),
        0,
      ),
      'lag p50 ms': round(of('lagP50')),
      'lag p99 ms': round(of('lagP99')),
      "loop's thread us/event": round(of('threadUs'), 2),
      'CPU us/event, delivered': round(of('cpuUs'), 2),
      'drain s': round(of('drainSeconds')),
      'delivered %': round(of('delivered') * 100, 2),
      'RSS MB': Math.round(of('rssMb')),
    };
  });
  return { name: 'node-sdk', rows };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.table((await run()).rows);
}
