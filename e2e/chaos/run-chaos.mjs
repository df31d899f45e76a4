import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMillrace } from '../support/millrace.mjs';
import { createLedger, runClient } from './client.mjs';
import { runKills } from './kills.mjs';
import { createRandom } from './random.mjs';
import { drained, findProblems } from './verify.mjs';

const HOUR_MS = 3_600_000;
/** Clocks of the clients' devices: right, ahead, and far behind. */
const SKEWS_MS = [0, 0, 3 * HOUR_MS, -50 * HOUR_MS];
const PATIENCE_MS = 60_000;

/**
 * @typedef {object} ChaosResult
 * @property {number} seed
 * @property {string[]} problems none if all went well
 * @property {number} acked
 * @property {import('./verify.mjs').Totals | undefined} totals
 * @property {Record<import('./kills.mjs').Victim, number>} kills
 * @property {number} retries
 * @property {Record<string, number>} failures
 * @property {number} drainSeconds
 * @property {string} dataDir kept where there were problems
 */

/**
 * One run: all of Millrace as processes, under load from clients that retry, while server, loader and ClickHouse
 * are killed at moments that the seed decides; then all of it is stopped in order and started again, left alone until
 * everything is loaded, and counted.
 * @param {{ seed: number, seconds: number, pauseMs?: [number, number], settings?: NodeJS.ProcessEnv }} options `settings`
 *   are further variables for Millrace, such as KAFKA_BROKERS
 * @returns {Promise<ChaosResult>}
 */
export async function runChaos({ seed, seconds, pauseMs = [200, 2500], settings = {} }) {
  const dataDir = await mkdtemp(join(tmpdir(), `millrace-chaos-${seed}-`));
  let system = await startMillrace({ dataDir, settings });
  try {
    const ledger = createLedger();
    const kills = await loadAndKill({ system, seed, seconds, pauseMs, ledger });

    // As Ctrl-C at once after the last answer; what is not loaded yet is the next start's to find.
    await system.stop();
    system = await startMillrace({ dataDir, settings });

    const loadedAt = performance.now();
    const warehouse = await system.warehouse();
    const totals = await drained(warehouse, ledger.acked.size, PATIENCE_MS);
    const drainSeconds = Math.round((performance.now() - loadedAt) / 100) / 10;
    const problems = await findProblems({ warehouse, dataDir, ledger, totals });
    const { acked, retries, failures } = ledger;
    if (acked.size === 0) problems.push('nothing was acknowledged');
    if (Object.values(kills).every((count) => count === 0)) problems.push('nothing was killed');
    await system.stop();
    if (problems.length === 0) await rm(dataDir, { recursive: true, force: true });
    return { seed, problems, acked: acked.size, totals, kills, retries, failures, drainSeconds, dataDir };
  } finally {
    await system.stop();
  }
}

/**
 * Resolves to what was killed, once every client has its answers.
 * @param {{ system: import('../support/millrace.mjs').Millrace, seed: number, seconds: number, pauseMs: [number, number],
 *   ledger: import('./client.mjs').Ledger }} options
 */
async function loadAndKill({ system, seed, seconds, pauseMs, ledger }) {
  const random = createRandom(seed);
  const end = Date.now() + seconds * 1000;
  const common = { ...system, ledger, isOver: () => Date.now() >= end, giveUpAt: end + PATIENCE_MS };
  const clients = SKEWS_MS.map((skewMs, index) =>
    runClient({
      ...common,
      skewMs,
      name: `s${seed}c${index}`,
      random: createRandom(random.between(0, 2 ** 31)),
    }),
  );
  const kills = await runKills({ system, random, isOver: common.isOver, pauseMs });
  await Promise.all(clients);
  return kills;
}
