import { describe, it } from 'vitest';
import { expectExact } from './chaos/expect-exact.ts';
import { runChaos } from './chaos/run-chaos.mjs';

const LONG_MS = 400_000;

describe('all of Millrace under load, everything sent twice and once more three days later', () => {
  it(
    'has every acknowledged event exactly once, though its processes are killed (seed 1, all embedded)',
    async () => {
      const setup = { log: 'spool', warehouse: 'embedded' } as const;
      const result = await runChaos({ seed: 1, setup, events: 4000, pauseMs: [100, 600] });
      expectExact(result, ['collector killed', 'loader killed', 'ClickHouse killed']);
    },
    LONG_MS,
  );

  it(
    'and though the warehouse refuses, is slow, is cut off and dies in inserts, the disk is full and the clock set (seed 2)',
    async () => {
      const setup = { log: 'spool', warehouse: 'outside' } as const;
      const result = await runChaos({ seed: 2, setup, events: 4000, pauseMs: [50, 400] });
      expectExact(result, [
        'warehouse refuses inserts',
        'warehouse slow',
        'warehouse unreachable',
        'connection cut within the rows',
        'answer lost',
        'ClickHouse dies in an insert',
      ]);
    },
    LONG_MS,
  );
});
