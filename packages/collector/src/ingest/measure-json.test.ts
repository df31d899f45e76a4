import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureJson, TOO_DEEP } from './measure-json.ts';

const nest = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

describe('measureJson', () => {
  it('is never below the bytes that the JSON takes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(measureJson(json, 200)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(json)));
      }),
    );
  });

  it('allows the limit of nesting and not a level more', () => {
    expect(measureJson(nest(200), 200)).toBeGreaterThan(0);
    expect(measureJson(nest(201), 200)).toBe(TOO_DEEP);
  });

  it('does not overflow the stack on the deepest body that fits', () => {
    expect(measureJson(nest(250_000), 200)).toBe(TOO_DEEP);
  });
});
