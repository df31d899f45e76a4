import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteWriter } from './byte-writer.ts';

describe('createByteWriter', () => {
  it('holds what was written, in order, however it was written', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 0, max: 1e15 }),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(fc.array(part), fc.nat(100), (parts, expectedBytes) => {
        const out = createByteWriter(expectedBytes);
        const expected: Uint8Array[] = [];
        for (const [index, value] of parts.entries()) {
          if (typeof value === 'string') out.text(value);
          else if (typeof value === 'number') out.integer(value);
          else if (index % 2 === 0) out.bytes(value);
          else out.slice(Buffer.concat([Buffer.from('xx'), value]), 2, 2 + value.length);
          expected.push(typeof value === 'object' ? value : Buffer.from(String(value)));
        }
        expect(out.toBuffer()).toEqual(Buffer.concat(expected));
        expect(out.length()).toBe(out.toBuffer().length);
        const from = Math.min(1, out.length());
        expect(Buffer.from(out.since(from))).toEqual(Buffer.concat(expected).subarray(from));
      }),
    );
  });
});
