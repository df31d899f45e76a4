/**
 * Numbers that a seed decides (mulberry32).
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** In [0, 1). */
    next,
    /** A whole number in [from, to]. @type {(from: number, to: number) => number} */
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    /** @type {(probability: number) => boolean} */
    chance: (probability) => next() < probability,
    /** @type {<T>(choices: readonly T[]) => T} */
    pick: (choices) => /** @type {typeof choices[number]} */ (choices[Math.floor(next() * choices.length)]),
  };
}

/** @typedef {ReturnType<typeof createRandom>} Random */
