import oracle from 'murmurhash3js-revisited';
import { describe, expect, it } from 'vitest';
import vectors from '../../../spec/bucketing.json' with { type: 'json' };
import { murmur3 } from './murmur3.ts';
import { createSeededRandom, freshSeed } from './testing/index.ts';

const reference = (text: string, seed: number): number =>
  oracle.x86.hash32(new TextEncoder().encode(text), seed);

describe('murmur3', () => {
  it.each(vectors.murmur3)('gives $h for "$text" under seed $seed', ({ text, seed, h }) => {
    expect(murmur3(text, seed)).toBe(h);
  });

  it('equals murmurhash3js-revisited on 20,000 random strings of every plane', () => {
    const seed = freshSeed();
    const random = createSeededRandom(seed);
    const ceilings = [0x80, 0x800, 0x10000, 0x110000];
    for (let i = 0; i < 20_000; i++) {
      const length = Math.floor(random.next() * 20);
      const points = Array.from({ length }, () => {
        const ceiling = ceilings[Math.floor(random.next() * ceilings.length)] as number;
        return Math.floor(random.next() * ceiling);
      });
      const text = String.fromCodePoint(...points);
      const hashSeed = i % 2 === 0 ? 0 : Math.floor(random.next() * 2 ** 32);
      expect(murmur3(text, hashSeed), `seed ${seed}, text ${JSON.stringify(text)}`).toBe(
        reference(text, hashSeed),
      );
    }
  });
});
