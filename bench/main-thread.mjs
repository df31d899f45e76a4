// What the browser SDK costs the page that hosts it: time of track(), long tasks, memory; beside other SDKs and
// JSON.stringify alone.
import { bundle } from './delivery/bundle.mjs';
import { startChromium } from './delivery/measure.mjs';
import { SDKS } from './delivery/sdks.mjs';
import { measureMemory } from './main-thread/memory.mjs';
import { measureTasks } from './main-thread/tasks.mjs';
import { measureTrack } from './main-thread/track-cost.mjs';

const ROUNDS = 3;
// What the measuring itself costs: the least that an SDK must do at the call.
const NOTHING = {
  label: 'JSON.stringify alone',
  code: 'globalThis.bench.track = (marker, filler) => JSON.stringify({ marker, filler });',
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Measures, and returns `{ name, rows, memory }` for the table and the file of results. */
export async function run() {
  const sdks = [
    ...(await Promise.all(SDKS.map(async ({ name, label }) => ({ label, code: (await bundle(name)).code })))),
    NOTHING,
  ];
  const browser = await startChromium();
  try {
    const found = sdks.map(() => ({ track: [], tasks: [] }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, { code }] of sdks.entries()) {
        found[index].track.push(await measureTrack(browser, code));
        found[index].tasks.push(await measureTasks(browser, code));
      }
    }
    const of = (index, part, read) => median(found[index][part].map(read));
    const rows = sdks.map(({ label }, index) => ({
      sdk: label,
      'first track() of a task: p50, µs': of(index, 'track', ({ first }) => first.p50),
      'first: p99': of(index, 'track', ({ first }) => first.p99),
      'later: p50': of(index, 'track', ({ later }) => later.p50),
      'later: p99': of(index, 'track', ({ later }) => later.p99),
      'tasks over 5 ms': of(index, 'tasks', ({ steady }) => steady.long),
      'longest, ms': of(index, 'tasks', ({ steady }) => steady.longest),
      'all, ms': of(index, 'tasks', ({ steady }) => steady.totalMs),
      'start: tasks over 5 ms': of(index, 'tasks', ({ start }) => start.long),
      'start: longest, ms': of(index, 'tasks', ({ start }) => start.longest),
    }));
    const memory = {
      offline: await measureMemory(browser, sdks[0].code, { offline: true }),
      online: await measureMemory(browser, sdks[0].code, { offline: false }),
    };
    console.table(
      Object.entries(memory).map(([network, { heaps, storedMb, arrived }]) => ({
        network,
        'heap in MB at 0, 20,000 … 100,000 events': heaps.join('  '),
        'stored, MB': storedMb,
        arrived,
      })),
    );
    return { name: 'main-thread', chromium: browser.version(), rows, memory };
  } finally {
    await browser.close();
  }
}
