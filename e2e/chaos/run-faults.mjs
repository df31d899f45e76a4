import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS } from './faults/faults.mjs';

/** How often a fault that did not come about is tried again at the end. */
const MORE_TRIES = 3;

/**
 * The faults that the seed draws for a product: about `share` of those that fit.
 * @param {{ product: import('./product.mjs').Product, random: import('./random.mjs').Random, share: number,
 *   only?: readonly string[] | undefined }} options `only` are drawn from alone, and all of them
 * @returns {string[]}
 */
export function drawFaults({ product, random, share, only }) {
  const fitting = Object.keys(FAULTS).filter((name) => FAULTS[name]?.fits(product));
  if (only) return fitting.filter((name) => only.includes(name));
  return fitting.filter(() => random.chance(share));
}

/**
 * Lets every one of the faults happen, `rounds` times each, in an order and with pauses that the seed decides; one
 * that never came about is tried again. Resolves to how often each was seen.
 * @param {{ names: string[], rounds: number, pauseMs: [number, number], product: import('./product.mjs').Product,
 *   random: import('./random.mjs').Random, ledger: import('./client.mjs').Ledger, onProgress: (share: number) => Promise<void>,
 *   tell: (line: string) => void }} options
 * @returns {Promise<Record<string, number>>}
 */
export async function runFaults({ names, rounds, pauseMs, product, random, ledger, onProgress, tell }) {
  const seen = Object.fromEntries(names.map((name) => [name, 0]));
  const order = shuffled(
    names.flatMap((name) => Array(rounds).fill(name)),
    random,
  );
  const cause = async (/** @type {string} */ name) => {
    await sleep(random.between(...pauseMs));
    const began = performance.now();
    const isSeen = await FAULTS[name]?.cause(product, random, ledger);
    if (isSeen) seen[name] = (seen[name] ?? 0) + 1;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    tell(`${name}${isSeen ? '' : ': did not come to it'} (${seconds} s, ${ledger.acked.size} events)`);
  };
  for (const [index, name] of order.entries()) {
    await onProgress((index + 1) / order.length);
    await cause(name);
  }
  for (const name of names) {
    for (let tries = 0; seen[name] === 0 && tries < MORE_TRIES; tries++) await cause(name);
  }
  return seen;
}

/** @type {(names: string[], random: import('./random.mjs').Random) => string[]} */
function shuffled(names, random) {
  const left = [...names];
  return names.map(() => left.splice(random.between(0, left.length - 1), 1)[0] ?? '');
}
