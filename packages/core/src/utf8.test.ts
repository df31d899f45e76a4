import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachUtf8Byte } from './utf8.ts';

// Any sequence of UTF-16 units, lone surrogates included.
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
const texts = fc.oneof(anyText, fc.string({ unit: 'grapheme' }));

describe('utf8', () => {
  it('visits the bytes that TextEncoder gives', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bytes: number[] = [];
        forEachUtf8Byte(text, (byte) => bytes.push(byte));
        expect(bytes).toEqual([...new TextEncoder().encode(text)]);
      }),
    );
  });
});
