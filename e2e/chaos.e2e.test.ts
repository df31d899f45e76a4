import { describe, expect, it } from 'vitest';
import { runChaos } from './chaos/run-chaos.mjs';

const SEEDS = [1, 2];

describe('all of Millrace under load, its processes killed at random moments', () => {
  it.each(SEEDS)(
    'has every acknowledged event exactly once, in events and in the rollup (seed %i)',
    async (seed) => {
      const result = await runChaos({ seed, seconds: 7, pauseMs: [150, 1000] });
      expect(result, `kept: ${result.dataDir}`).toMatchObject({ problems: [] });
      expect(result.totals?.rows).toBe(result.acked);
    },
  );
});
