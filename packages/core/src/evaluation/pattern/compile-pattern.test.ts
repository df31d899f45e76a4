import { describe, expect, it } from 'vitest';
import { createSeededRandom, freshSeed } from '../../testing/index.ts';
import { compilePattern, PatternError } from './compile-pattern.ts';
import { matchesStates } from './states.ts';

describe('compilePattern', () => {
  it.each([
    ['', ''],
    ['abc', 'xxabcxx'],
    ['^abc$', 'abc'],
    ['a.c', 'a\nc'],
    ['^[a-z]+@example\\.(com|org)$', 'jane@example.org'],
    ['^(?:ab){2,3}$', 'abab'],
    ['^(?:ab){2,3}$', 'abababab'],
    ['x*$', 'aaa'],
    ['^(a|b)*c?$', 'ababc'],
    ['[^0-9-]', '12-3'],
    ['\\bx', 'x'],
    ['^.$', '🙂'],
    ['^(a*)*$', 'aaaa'],
    ['^(|a)+$', 'aa'],
    ['^a{0,2}b{2,}$', 'aabbb'],
    ['(^|,)beta(,|$)', 'alpha,beta'],
  ])('answers as ECMAScript does for /%s/ and %j', (source, text) => {
    if (source.includes('\\b')) expect(() => compilePattern(source)).toThrow(PatternError);
    else expect(matchesStates(compilePattern(source), text)).toBe(new RegExp(source, 'u').test(text));
  });

  it.each([
    '(',
    ')',
    'a**',
    '[z-a]',
    '[a',
    '\\',
    '\\1',
    '(?=a)',
    '{2}',
    'a{3,2}',
    'a{1000}',
    '*',
    '(((a{100}){100}){100})',
  ])('refuses %s', (source) => {
    expect(() => compilePattern(source)).toThrow(PatternError);
  });

  it('answers as ECMAScript does for random patterns and texts', () => {
    const seed = freshSeed();
    const random = createSeededRandom(seed);
    const pick = <Item>(items: Item[]): Item => items[Math.floor(random.next() * items.length)] as Item;
    const pattern = (depth: number): string => {
      const piece = (): string => {
        const inner =
          depth > 0 && random.next() < 0.4
            ? `(${pattern(depth - 1)})`
            : pick(['a', 'b', '.', '[ab]', '[^a]', '\\d']);
        return inner + pick(['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,}']);
      };
      const sequence = (): string =>
        Array.from({ length: 1 + Math.floor(random.next() * 3) }, piece).join('');
      return random.next() < 0.3 ? `${sequence()}|${sequence()}` : sequence();
    };
    for (let i = 0; i < 3_000; i++) {
      const source = `${pick(['', '^'])}(?:${pattern(2)})${pick(['', '$'])}`;
      const text = Array.from({ length: Math.floor(random.next() * 8) }, () =>
        pick(['a', 'b', '1', 'é']),
      ).join('');
      const expected = new RegExp(source, 'u').test(text);
      expect(
        matchesStates(compilePattern(source), text),
        `seed ${seed}: /${source}/ on ${JSON.stringify(text)}`,
      ).toBe(expected);
    }
  });

  it('takes a pattern that hangs a backtracking engine', () => {
    const hangs = compilePattern('^(a+)+$');
    expect(matchesStates(hangs, `${'a'.repeat(5_000)}!`)).toBe(false);
  });
});
