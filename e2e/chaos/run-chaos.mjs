import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLedger, deliver, runClient } from './client.mjs';
import { fillPast } from './past.mjs';
import { startProduct } from './product.mjs';
import { createRandom } from './random.mjs';
import { drawFaults, runFaults } from './run-faults.mjs';
import { drained, findProblems } from './verify.mjs';

const HOUR_MS = 3_600_000;
/** Clocks of the clients' devices: right, ahead, and far behind. */
const SKEWS_MS = [0, 0, 0, 3 * HOUR_MS, -50 * HOUR_MS];
const THREE_DAYS_S = 3 * 24 * 3600;
/** Faults begin once so many are acknowledged. */
const WARM_EVENTS = 100;
const PATIENCE_MS = 60_000;
/** What goes on coming while a fault lasts, so that none waits for an insert that nobody makes. */
const TRICKLE_PER_MS = 0.15;

/**
 * @typedef {object} ChaosResult
 * @property {number} seed
 * @property {import('./product.mjs').Setup} setup
 * @property {string[]} problems none if all went well
 * @property {number} acked events that were acknowledged
 * @property {number} answers how often an event was acknowledged, each sent three times and more
 * @property {number} invalid events refused as invalid
 * @property {number} reused ids refused as used for something else
 * @property {import('./verify.mjs').Totals} totals
 * @property {Record<string, number>} faults how often each that was drawn was seen
 * @property {number} retries
 * @property {Record<string, number>} failures
 * @property {number} seconds how long all of it took
 * @property {number} drainSeconds
 * @property {string} clickHouse its version
 * @property {string} dataDir kept where there were problems
 */

/**
 * One run: all of Millrace as processes, under load from clients that retry and send everything twice, while faults
 * happen that the seed drew; then all of it is stopped in order, started three days later by its clocks, and sent
 * everything once more while its processes are killed; then it is left alone until everything is loaded, and counted.
 * @param {{ seed: number, setup: import('./product.mjs').Setup, events: number, share?: number, rounds?: number,
 *   only?: readonly string[] | undefined, pauseMs?: [number, number], tell?: (line: string) => void }} options at least `events` are sent; `share` of
 *   the faults that fit are drawn, or `only` those named; each comes `rounds` times
 * @returns {Promise<ChaosResult>}
 */
export async function runChaos(options) {
  const {
    seed,
    setup,
    events,
    share = 1,
    rounds = 1,
    only,
    pauseMs = [100, 1200],
    tell = () => {},
  } = options;
  const began = performance.now();
  const random = createRandom(seed);
  const dataDir = await mkdtemp(join(tmpdir(), `millrace-chaos-${seed}-`));
  const product = await startProduct({ setup, dataDir, random: createRandom(seed + 1) });
  try {
    const ledger = createLedger();
    await fillPast(await product.warehouse());
    const names = drawFaults({ product, random, share, only });
    const faults = await loadUnderFaults({
      product,
      seed,
      random,
      names,
      rounds,
      pauseMs,
      events,
      ledger,
      tell,
    });
    tell(`${ledger.acked.size} events are acknowledged; three days later all of them again`);
    await sendAgainLater({ product, random, ledger });
    tell(`${ledger.answers} answers; waiting for the loaders`);

    const loadedAt = performance.now();
    const { totals, isDrained } = await drained({ product, dataDir, patienceMs: PATIENCE_MS });
    const drainSeconds = secondsSince(loadedAt);
    const warehouse = await product.warehouse();
    const untilMs = Date.now() + THREE_DAYS_S * 1000;
    const problems = await findProblems({ warehouse, dataDir, ledger, totals, untilMs });
    if (!isDrained) problems.push('the log was not loaded to its end');
    for (const [name, count] of Object.entries(faults)) {
      if (count === 0) problems.push(`it never came to: ${name}`);
    }
    const [version] = await warehouse.query('SELECT version() AS version');
    await product.stop();
    if (problems.length === 0) await rm(dataDir, { recursive: true, force: true });
    return {
      seed,
      setup,
      problems,
      acked: ledger.acked.size,
      answers: ledger.answers,
      invalid: ledger.invalid.size,
      reused: ledger.reused.size,
      totals,
      faults,
      retries: ledger.retries,
      failures: ledger.failures,
      seconds: secondsSince(began),
      drainSeconds,
      clickHouse: /** @type {{ version: string }} */ (version).version,
      dataDir,
    };
  } finally {
    await product.stop();
  }
}

/** @typedef {import('./product.mjs').Product} Product */

/**
 * Resolves to how often each fault was seen, once every client has its answers.
 * @param {{ product: Product, seed: number, random: import('./random.mjs').Random, names: string[], rounds: number,
 *   pauseMs: [number, number], events: number, ledger: import('./client.mjs').Ledger, tell: (line: string) => void }} options
 */
async function loadUnderFaults({ product, seed, random, names, rounds, pauseMs, events, ledger, tell }) {
  const began = performance.now();
  let progress = 0;
  let taken = 0;
  let isFaulty = true;
  const allow = async (/** @type {number} */ count) => {
    const released = () => events * progress + (performance.now() - began) * TRICKLE_PER_MS;
    while (isFaulty && taken > released()) await sleep(10);
    if (!isFaulty && taken >= events) return false;
    taken += count;
    return true;
  };
  const target = targetOf(product);
  const clients = SKEWS_MS.map((skewMs, index) =>
    runClient({
      target,
      ledger,
      skewMs,
      allow,
      name: `s${seed}c${index}`,
      random: createRandom(random.between(0, 2 ** 31)),
    }),
  );
  while (ledger.acked.size < WARM_EVENTS && ledger.refusals.length === 0) await sleep(10);
  // The faults are spread over the events, and the events over the faults.
  const onProgress = async (/** @type {number} */ share) => {
    while (ledger.acked.size < events * progress * 0.9 && ledger.refusals.length === 0) await sleep(10);
    progress = share;
  };
  const faults = await runFaults({
    names,
    rounds,
    pauseMs,
    product,
    random,
    ledger,
    onProgress,
    tell,
  }).finally(() => {
    isFaulty = false;
  });
  await Promise.all(clients);
  return faults;
}

/**
 * Everything that was sent comes again three days later: the clocks of the product and of the clients have moved on,
 * and the loader, which was started since, remembers nothing of it.
 * @param {{ product: Product, random: import('./random.mjs').Random, ledger: import('./client.mjs').Ledger }} options
 */
async function sendAgainLater({ product, random, ledger }) {
  product.clock?.set(THREE_DAYS_S);
  await product.restart();
  const options = { target: targetOf(product), ledger, random, laterMs: THREE_DAYS_S * 1000 };
  const left = [...ledger.batches];
  const clients = SKEWS_MS.map(async () => {
    for (let batch = left.pop(); batch; batch = left.pop()) await deliver(batch, options);
  });
  const begin = left.length;
  for (const victim of ['loader', 'server', 'loader']) {
    const until = left.length - begin / 4;
    while (left.length > until) await sleep(10);
    await product.main().kill(victim);
  }
  await Promise.all(clients);
}

/** @type {(product: Product) => import('./client.mjs').Target} */
function targetOf(product) {
  return { url: () => product.main().url, writeKey: product.main().writeKey };
}

/** @param {number} start */
function secondsSince(start) {
  return Math.round((performance.now() - start) / 100) / 10;
}
