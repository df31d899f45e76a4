// A server that records events as fast as its event loop can breathe: `PER_TURN` calls a turn, for some seconds.
// Arguments: the SDK, the collector, milliseconds.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SDKS } from './sdks.mjs';

const PER_TURN = 250;
const WARM_UP_MS = 1_000;

const [name, host, ms] = process.argv.slice(2);
const { track, close } = await SDKS[name](host);

const propertiesOf = (i) => ({
  order: `order-${i}`,
  total: 42.5,
  currency: 'EUR',
  items: [{ sku: 'a-1', quantity: 2, name: 'Kettle' }],
  coupon: null,
  path: '/checkout/done',
});

async function load(forMs) {
  const until = performance.now() + forMs;
  let calls = 0;
  while (performance.now() < until) {
    for (let i = 0; i < PER_TURN; i++) track(`user-${calls % 10_000}`, propertiesOf(calls++));
    await nextTurn();
  }
  return calls;
}

/** CPU of the event loop's own thread in microseconds, where the system tells it. */
function threadUs() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    return Number.NaN;
  }
}

const warmUp = await load(WARM_UP_MS);
const lag = monitorEventLoopDelay({ resolution: 1 });
lag.enable();
const before = process.cpuUsage();
const threadBefore = threadUs();
const begun = performance.now();
const calls = await load(Number(ms));
const seconds = (performance.now() - begun) / 1000;
lag.disable();
const threadPerCall = (threadUs() - threadBefore) / calls;
await close();
const inAll = process.cpuUsage(before);
process.send({
  perSecond: calls / seconds,
  lagP50: lag.percentile(50) / 1e6,
  lagP99: lag.percentile(99) / 1e6,
  threadUs: threadPerCall,
  cpuUs: (inAll.user + inAll.system) / calls,
  drainSeconds: (performance.now() - begun) / 1000 - seconds,
  calls: calls + warmUp,
  rssMb: process.resourceUsage().maxRSS / 1024,
});
process.disconnect();
