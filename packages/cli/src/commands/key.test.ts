import { expect, it } from 'vitest';
import { stateOf } from './key.ts';

it.each([
  [false, true, 'active'],
  [false, false, 'active'],
  [true, true, 'active on loopback'],
  [true, false, 'refused: for a server on loopback only'],
])('a key for loopback only: %s, a server on loopback: %s, is %s', (loopbackOnly, onLoopback, expected) => {
  expect(stateOf({ loopbackOnly }, onLoopback)).toBe(expected);
});
