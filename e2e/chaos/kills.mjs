import { setTimeout as sleep } from 'node:timers/promises';

/** What is killed. */
const VICTIMS = /** @type {const} */ (['server', 'loader', 'clickhouse']);

/** @typedef {typeof VICTIMS[number]} Victim */

/**
 * Kills processes with SIGKILL at moments that the seed decides, now and then two at once, until `isOver`.
 * Resolves to how often each was killed.
 * @param {{ system: import('../support/millrace.mjs').Millrace, random: import('./random.mjs').Random, isOver: () => boolean,
 *   pauseMs: [number, number] }} options
 */
export async function runKills({ system, random, isOver, pauseMs: [shortest, longest] }) {
  /** @type {Record<Victim, number>} */
  const kills = { server: 0, loader: 0, clickhouse: 0 };
  const kill = async (/** @type {Victim} */ victim) => {
    if (await system.kill(victim)) kills[victim]++;
  };
  while (true) {
    await sleep(random.between(shortest, longest));
    if (isOver()) return kills;
    const first = random.pick(VICTIMS);
    await kill(first);
    if (random.chance(0.2)) await kill(random.pick(VICTIMS.filter((victim) => victim !== first)));
  }
}
