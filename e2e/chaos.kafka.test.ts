import { expect, it } from 'vitest';
import { expectExact } from './chaos/expect-exact.ts';
import { runChaos } from './chaos/run-chaos.mjs';

const LONG_MS = 400_000;

it(
  'has every acknowledged event exactly once over Kafka, with two loaders, though brokers, processes and inserts fail (seed 1)',
  async () => {
    const setup = { log: 'kafka', brokers: 1, loaders: 2, warehouse: 'outside' } as const;
    const faults = [
      'broker stopped (SIGSTOP)',
      'loader killed',
      'ClickHouse dies in an insert',
      'rebalance within a chunk',
    ];
    // The last wants strace.
    const only = [...faults, 'ClickHouse dies at the token'];
    const result = await runChaos({ seed: 1, setup, events: 2500, pauseMs: [100, 600], only });
    expectExact(result, faults);
    expect(result.failures['503 log_full'] ?? 0).toBe(0);
  },
  LONG_MS,
);
