import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringifyDeep } from './stringify-deep.ts';

describe('stringifyDeep', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = JSON.parse(text);
        expect(stringifyDeep(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('writes what is nested too deep for JSON.stringify', () => {
    const text = `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    expect(stringifyDeep(JSON.parse(text))).toBe(text);
  });
});
