import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonSkipper, FAIL } from './skip-json.ts';

const skipper = createJsonSkipper();

function skip(json: string, maxDepth = 200): number {
  skipper.reset();
  return skipper.skipValue(Buffer.from(json), 0, maxDepth);
}

const isWritten = (json: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(json)) === json;
  } catch {
    return false;
  }
};

/** JSON texts that are nearly what JavaScript writes: one character is changed, put in or left out. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.nat(),
    fc.constantFrom(...'{}[]",:\\ \n0159.-eEtfnu/a\u0001é'),
    fc.nat(2),
  )
  .map(([json, place, character, how]) => {
    const at = place % (json.length + 1);
    return json.slice(0, at) + (how === 2 ? '' : character) + json.slice(how === 0 ? at : at + 1);
  });

describe('skipping JSON', () => {
  it('passes over nothing but what JavaScript itself would write', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyJson, fc.json({ stringUnit: 'binary' })), (json) => {
        if (skip(json) === Buffer.byteLength(json)) expect(isWritten(json)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('passes over everything that clients usually write', () => {
    const key = fc.stringMatching(/^[a-zA-Z_$][a-zA-Z0-9_. -]{0,12}$/);
    const number = fc.oneof(
      fc.integer(),
      fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100),
    );
    // A control character without a short escape is written as \u00XX, and left to the parser.
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !JSON.stringify(value).includes('\\u'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        text,
        number,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (data) => {
        const json = JSON.stringify(data);
        fc.pre(!json.includes('-0'));
        expect(skip(json)).toBe(Buffer.byteLength(json));
      }),
    );
  });

  it.each([
    '',
    ' 1',
    '01',
    '-',
    '-0',
    '1.0',
    '1.',
    '.5',
    '1e5',
    '1E400',
    '0.0000001',
    '1234567890123456',
    '"\\u0041"',
    '"\\/"',
    '"\\x"',
    '"a',
    '"a\n"',
    'nul',
    'truth',
    '[1,]',
    '[1 ,2]',
    '{"a":1,}',
    '{"a" :1}',
    '{"a":1,"a":2}',
    '{"b":1,"1":2}',
    '{"a\\"b":1}',
    '{a:1}',
    '{"a"}',
    '[',
    '{',
    '{"a":',
    '\ufeff1',
  ])('leaves %j to the parser', (json) => {
    expect(skip(json)).not.toBe(Math.max(1, Buffer.byteLength(json)));
  });

  it.each([
    '0',
    '-1.5',
    '0.000001',
    '123456789012345',
    '"\\"\\\\\\n"',
    '"é😀\u2028"',
    '{"__proto__":{}}',
    '{"":[]}',
  ])('passes over %s', (json) => {
    expect(skip(json)).toBe(Buffer.byteLength(json));
  });

  it('allows the limit of nesting and not a level more', () => {
    expect(skip('['.repeat(200) + ']'.repeat(200))).toBe(400);
    expect(skip('['.repeat(201) + ']'.repeat(201))).toBe(FAIL);
    expect(skip('{"a":'.repeat(250_000))).toBe(FAIL);
  });
});
