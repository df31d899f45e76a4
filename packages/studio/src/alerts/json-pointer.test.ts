import { expect, it } from 'vitest';
import { valueAt, whereItEnds } from './json-pointer.ts';

const ANSWER = { result: { lines: [{ total: 7, 'a/b~c': 1 }], none: null } };

it.each([
  ['/result/lines/0/total', 7],
  ['/result/lines/0/a~1b~0c', 1],
  ['/result/none', null],
  ['/result/lines/1/total', undefined],
  ['/result/none/total', undefined],
  ['/result/toString', undefined],
])('a pointer leads to what stands there: %s', (pointer, value) => {
  expect(valueAt(ANSWER, pointer)).toBe(value);
});

it.each([
  ['/series', 'the answer has result'],
  ['/result/series/0/total', '/result has lines, none'],
  ['/result/lines/1', '/result/lines has 1 elements'],
  ['/result/lines/0/a~1b~0c/d', '/result/lines/0/a~1b~0c is 1'],
])('of one that goes astray it is said what there is: %s', (pointer, words) => {
  expect(whereItEnds(ANSWER, pointer)).toBe(words);
});
