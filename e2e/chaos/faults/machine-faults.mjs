import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds. */
const CLOCKS = [-3600, -90, -7, 0, 7, 90, 3600, 7200];
const FULL_MS = 15_000;

/** @type {Record<string, import('./faults.mjs').Fault>} */
export const machineFaults = {
  'disk full': {
    // Three brokers are not away all at once, so nothing is buffered.
    fits: ({ disk, kafka }) => disk !== undefined && (kafka?.nodes.length ?? 1) === 1,
    async cause({ disk, kafka }, random, ledger) {
      const [broker] = kafka?.nodes ?? [];
      await broker?.kill();
      const refused = () => ledger.failures['503 log_full'] ?? 0;
      const before = refused();
      disk?.fill();
      for (let waited = 0; refused() < before + 3 && waited < FULL_MS; waited += 20) await sleep(20);
      await sleep(random.between(0, 1000));
      disk?.free();
      broker?.start();
      return refused() >= before + 3;
    },
  },
  'clock set': {
    fits: ({ clock }) => clock !== undefined,
    async cause({ clock, main }, random) {
      const shift = random.pick(CLOCKS.filter((seconds) => seconds !== clock?.seconds()));
      clock?.set(shift);
      // What the server answers says what its clock is; it may be starting just now.
      for (let tries = 0; tries < 100; tries++) {
        const answer = await fetch(`${main().url}/livez`).catch(() => undefined);
        const date = answer?.headers.get('date');
        if (date && Math.abs(Date.parse(date) - Date.now() - shift * 1000) < 3000) return true;
        await sleep(100);
      }
      return false;
    },
  },
};
