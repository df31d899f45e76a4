// A process that assigns 100,000 units over and over, for some seconds. Arguments: the SDK, milliseconds.
import { SDKS } from './sdks.mjs';

const UNITS = Array.from(
  { length: 100_000 },
  (_, i) => `3f0d9e1a-5b7c-4d2e-8a6f-${String(i).padStart(12, '0')}`,
);

const [name, ms] = process.argv.slice(2);
const variantOf = await SDKS[name]();

function measure(forMs) {
  const before = process.cpuUsage();
  const until = performance.now() + forMs;
  const counts = {};
  let calls = 0;
  while (performance.now() < until) {
    for (let i = 0; i < 1_000; i++) {
      const variant = variantOf(UNITS[calls++ % UNITS.length]);
      counts[variant] = (counts[variant] ?? 0) + 1;
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { perCpuSecond: calls / ((user + system) / 1e6), share: counts.treatment / calls };
}

measure(1_000);
const heapBefore = process.memoryUsage().heapUsed;
const found = measure(Number(ms));
globalThis.gc?.();
process.send({ ...found, heapMb: (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20 });
// Some clients would keep the process alive.
process.disconnect();
process.exit();
