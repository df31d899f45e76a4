import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningKafka, startKafka } from '../scripts/services/kafka.mjs';
import { runChaos } from './chaos/run-chaos.mjs';

const SEED = 1;
let kafka: RunningKafka;

beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka?.stop());

describe('all of Millrace over Kafka under load, its processes killed at random moments', () => {
  it(`has every acknowledged event exactly once, in events and in the rollup (seed ${SEED})`, async () => {
    const settings = { KAFKA_BROKERS: kafka.brokers.join(','), MILLRACE_KAFKA_PACKING: 'lines' };
    const result = await runChaos({ seed: SEED, seconds: 8, pauseMs: [500, 2500], settings });
    expect(result, `kept: ${result.dataDir}`).toMatchObject({ problems: [] });
    expect(result.totals?.rows).toBe(result.acked);
  });
});
