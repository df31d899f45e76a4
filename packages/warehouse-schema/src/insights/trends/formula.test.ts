import { describe, expect, it } from 'vitest';
import { parseFormula } from './formula.ts';

const value = (text: string, ...values: (number | null)[]) => parseFormula(text, values.length, '/f')(values);

describe('a formula', () => {
  it.each<[string, (number | null)[], number | null]>([
    ['A/B*100', [1, 4], 25],
    ['A - B - 1', [5, 2], 2],
    ['A / B / 2', [8, 2], 2],
    ['-A * -(2 + B) + .5', [1, 1], 3.5],
    ['--A', [3], 3],
    ['2 * (A + 3) - 1', [1], 7],
    ['A / (B - B)', [1, 2], null],
    ['A * 0', [null], null],
  ])('%s of %j is %d', (text, values, expected) => {
    expect(value(text, ...values)).toBe(expected);
  });

  it.each([
    ['', 'character 1'],
    ['A +', 'character 4'],
    ['A B', 'character 2'],
    ['(A', 'expected )'],
    ['a', 'character 1'],
    ['1..2', 'character 2'],
    ['C', 'no series C'],
    ['A; DROP TABLE events', 'character 2'],
    ['process.exit(1)', 'character 1'],
    [`${'('.repeat(400)}A${')'.repeat(400)}`, 'nested less deeply'],
    [`${'-'.repeat(400)}A`, 'nested less deeply'],
  ])('%j: %s', (text, expected) => {
    expect(() => value(text, 1, 2)).toThrow(expected);
  });
});
