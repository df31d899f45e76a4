import fc from 'fast-check';
import oracle from 'murmurhash3js-revisited';
import { describe, expect, it } from 'vitest';
import vectors from '../../../spec/bucketing.json' with { type: 'json' };
import { murmur3, murmur3After } from './murmur3.ts';
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

describe('murmur3After', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'grapheme-ascii' }),
    // Any sequence of UTF-16 units, lone surrogates included.
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  );

  it('equals murmurhash3js-revisited for every prefix and text', () => {
    fc.assert(
      fc.property(texts, fc.array(texts, { minLength: 1 }), (prefix, units) => {
        const hash = murmur3After(`${prefix}:`);
        for (const unit of units) expect(hash(unit)).toBe(reference(`${prefix}:${unit}`, 0));
      }),
      { numRuns: 1_000 },
    );
  });

  it('carries over every number of bytes that fill no block, into texts of every length', () => {
    for (const letter of ['a', 'é', '語', '🙂']) {
      for (let before = 0; before <= 8; before++) {
        const prefix = 'z'.repeat(before);
        const hash = murmur3After(prefix);
        for (let length = 0; length <= 12; length++) {
          for (const text of [letter.repeat(length), 'b'.repeat(length) + letter]) {
            expect(hash(text), `${prefix} and ${text}`).toBe(reference(prefix + text, 0));
          }
        }
      }
    }
  });

  it('leaves nothing behind for other hashes, interleaved as they may be', () => {
    const [first, second] = [murmur3After('first:'), murmur3After('second salt:')];
    for (let i = 0; i < 100; i++) {
      const unit = `unit ${i}`;
      expect([first(unit), murmur3(unit, i), second(unit), first(unit)]).toEqual([
        reference(`first:${unit}`, 0),
        reference(unit, i),
        reference(`second salt:${unit}`, 0),
        reference(`first:${unit}`, 0),
      ]);
    }
  });
});
