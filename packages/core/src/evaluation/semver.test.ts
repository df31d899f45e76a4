import { expect, it } from 'vitest';
import { compareSemver } from './semver.ts';

it('keeps the order of semver.org, section 11', () => {
  const ascending = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    'v1.0.1',
    '1.2',
    '1.10.0',
    '2',
  ];
  for (const [i, left] of ascending.entries()) {
    for (const [j, right] of ascending.entries()) {
      expect(Math.sign(compareSemver(left, right)), `${left} ${right}`).toBe(Math.sign(i - j));
    }
  }
});

it('ignores build metadata and missing numbers', () => {
  expect(compareSemver('1.0.0+a', '1.0.0+b')).toBe(0);
  expect(compareSemver('1', '1.0.0')).toBe(0);
});

it.each(['', 'latest', '1.2.3.4', '1..2', 'x1.0'])('has no order for %j', (text) => {
  expect(compareSemver(text, '1.0.0')).toBeNaN();
});
