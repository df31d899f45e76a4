import { expect, it } from 'vitest';
import { roundParts } from './models.ts';

it.each([
  [[1 / 3, 1 / 3, 1 / 3], 1, [0.333334, 0.333333, 0.333333]],
  [[2 / 3, 1 / 3], 1, [0.666667, 0.333333]],
  [[0.1 + 0.2, 0.7], 1, [0.3, 0.7]],
  [[-2 / 3, -1 / 3], -1, [-0.666667, -0.333333]],
  [[10 / 3, -7 / 3], 1, [3.333333, -2.333333]],
  [[0, 0], 0, [0, 0]],
  [[1e18 / 3, 2e18 / 3], 1e18, [1e18 / 3, 2e18 / 3].map((part) => expect.closeTo(part, -4))],
  [[Number.POSITIVE_INFINITY, 1], Number.POSITIVE_INFINITY, [Number.POSITIVE_INFINITY, 1]],
  [[], 0, []],
])('%j of %d become %j', (parts, total, expected) => {
  expect(roundParts(parts, total)).toEqual(expected);
});
