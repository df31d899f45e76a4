import { expect } from 'vitest';
import type { ChaosResult } from './run-chaos.mjs';

/** Fails unless the run was exact, and each of these faults was seen in it; says where its data was kept. */
export function expectExact(result: ChaosResult, faults: readonly string[]): void {
  const { dataDir, problems, acked, answers, totals } = result;
  expect(problems, `kept: ${dataDir}`).toEqual([]);
  expect(totals).toEqual({ rows: acked, ids: acked, places: acked, rollup: acked, known: acked });
  for (const fault of faults) expect(result.faults).toHaveProperty([fault], expect.any(Number));
  // Each event was sent twice, and again.
  expect(answers).toBeGreaterThanOrEqual(3 * acked);
}
