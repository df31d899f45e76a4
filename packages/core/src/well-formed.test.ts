import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './event.ts';
import {
  makeWellFormed,
  mayHoldLoneSurrogate,
  stringifyWellFormed,
  wellFormedString,
} from './well-formed.ts';

const anyText = fc
  .array(fc.integer({ min: 0xd7f0, max: 0xe010 }))
  .map((units) => String.fromCharCode(...units));
const anyJson = fc
  .jsonValue({ stringUnit: 'binary' })
  .chain((value) => anyText.map((text) => ({ [text]: [text, value], text }) as Json));

// Node 20 has it; the target that the code is written for does not.
const toWellFormed = (text: string): string => (text as unknown as { toWellFormed(): string }).toWellFormed();

describe('wellFormedString', () => {
  it('equals String.prototype.toWellFormed', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(wellFormedString(text)).toBe(toWellFormed(text));
      }),
    );
  });

  it('leaves a pair as it is', () => {
    expect(wellFormedString('a🙂b')).toBe('a🙂b');
  });
});

describe('makeWellFormed', () => {
  it('leaves no lone surrogate in values and keys', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(mayHoldLoneSurrogate(JSON.stringify(makeWellFormed(value)))).toBe(false);
      }),
    );
  });

  it('cleans a string by itself, arrays, keys and values', () => {
    expect(makeWellFormed('\ud800')).toBe('\ufffd');
    expect(makeWellFormed([['\udc00'], { 'k\ud800': { deep: 'v\udfff' } }])).toEqual([
      ['\ufffd'],
      { 'k\ufffd': { deep: 'v\ufffd' } },
    ]);
  });

  it('leaves a key called __proto__ an ordinary key', () => {
    const value = JSON.parse('{"__proto__":{"a":"\\ud800"},"b":"\\ud800"}') as Json;
    expect(JSON.stringify(makeWellFormed(value))).toBe('{"__proto__":{"a":"\ufffd"},"b":"\ufffd"}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('walks 200,000 levels of nesting', () => {
    let value: Json = '\ud800';
    for (let level = 0; level < 200_000; level++) value = level % 2 === 0 ? [value] : { child: value };
    let node: Json | undefined = makeWellFormed(value);
    while (typeof node === 'object' && node !== null) node = Array.isArray(node) ? node[0] : node.child;
    expect(node).toBe('\ufffd');
  });
});

describe('stringifyWellFormed', () => {
  it('gives what stringify of the cleaned value gives', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const json = stringifyWellFormed(value as object);
        expect(mayHoldLoneSurrogate(json)).toBe(false);
        expect(JSON.parse(json)).toEqual(makeWellFormed(JSON.parse(JSON.stringify(value)) as Json));
      }),
    );
  });

  it('tells an escape from text that looks like one', () => {
    const value = { text: '\\ud800 \\\\ud800 \n\u0000"', lone: '\\\ud800' };
    expect(JSON.parse(stringifyWellFormed(value))).toEqual({ ...value, lone: '\\\ufffd' });
  });
});
