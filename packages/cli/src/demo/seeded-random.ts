import { murmur3 } from '@millrace/core';

/** Random numbers that are the same for the same seed, everywhere and for ever. */
export interface SeededRandom {
  /** A number of `[0, 1)`. */
  next(): number;
  /** Whether something of that probability happens. */
  chance(probability: number): boolean;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One of the items, each as likely as its weight. Throws where there is none. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** A positive number around `median`, now and then several times it. */
  logNormal(median: number, sigma: number): number;
  /** `count` hexadecimal digits. */
  hex(count: number): string;
}

/** A generator (sfc32) that depends on the text of the seed alone. */
export function createSeededRandom(seed: string): SeededRandom {
  let a = murmur3(seed, 1) | 0;
  let b = murmur3(seed, 2) | 0;
  let c = murmur3(seed, 3) | 0;
  let counter = 1;

  function uint32(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  const next = () => uint32() / 2 ** 32;
  for (let i = 0; i < 12; i += 1) uint32();

  return {
    next,
    chance: (probability) => next() < probability,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    weighted(items, weight) {
      const total = items.reduce((sum, item) => sum + weight(item), 0);
      let left = next() * total;
      for (const item of items) {
        left -= weight(item);
        if (left < 0) return item;
      }
      const last = items.at(-1);
      if (last === undefined) throw new RangeError('weighted: expected at least one item');
      return last;
    },
    logNormal(median, sigma) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(sigma * normal);
    },
    hex(count) {
      let text = '';
      while (text.length < count) text += uint32().toString(16).padStart(8, '0');
      return text.slice(0, count);
    },
  };
}
