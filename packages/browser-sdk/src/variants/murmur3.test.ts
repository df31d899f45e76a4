import * as core from '@millrace/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSaltedHash, murmur3 } from './murmur3.ts';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  // Any sequence of UTF-16 units, lone surrogates included.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

describe("the page's murmur3", () => {
  it("is core's, for every salt and unit", () => {
    fc.assert(
      fc.property(texts, texts, (salt, unit) => {
        expect(murmur3(unit)).toBe(core.murmur3(unit));
        expect(createSaltedHash()(salt, unit)).toBe(core.murmur3(`${salt}:${unit}`));
      }),
      { numRuns: 2_000 },
    );
  });
});
