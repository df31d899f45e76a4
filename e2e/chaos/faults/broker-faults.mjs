import { setTimeout as sleep } from 'node:timers/promises';

/** Until a broker that is gone is given up, its partitions are led by another, and its copies count no more. */
const LOST_MS = 8000;

/** @type {Record<string, import('./faults.mjs').Fault>} */
export const brokerFaults = {
  'broker killed': {
    fits: ({ kafka }) => kafka !== undefined,
    async cause({ kafka }, random) {
      const node = random.pick(kafka?.nodes ?? []);
      await node.kill();
      await sleep(random.between(0, 2500));
      node.start();
      return true;
    },
  },
  'broker stopped (SIGSTOP)': {
    fits: ({ kafka }) => kafka !== undefined,
    async cause({ kafka }, random) {
      const node = random.pick(kafka?.nodes ?? []);
      node.pause();
      await sleep(random.between(1000, 5000));
      node.resume();
      return true;
    },
  },
  'one of three brokers lost': {
    fits: ({ kafka }) => kafka?.nodes.length === 3,
    async cause({ kafka }, random, ledger) {
      const node = random.pick(kafka?.nodes ?? []);
      const before = ledger.acked.size;
      await node.kill();
      await sleep(LOST_MS);
      const isServed = ledger.acked.size > before;
      node.start();
      return isServed;
    },
  },
};
