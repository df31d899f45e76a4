import { describe, expect, it } from 'vitest';
import { backoffDelay, retryAfterMs } from './backoff.ts';

const always = (value: number) => () => value;
const almostOne = always(1 - Number.EPSILON);

describe('backoffDelay', () => {
  it('doubles its ceiling with each attempt, up to the cap', () => {
    const ceilings = [0, 1, 2, 3, 20].map((attempt) =>
      Math.ceil(backoffDelay(attempt, almostOne, 1000, 100) / 100),
    );
    expect(ceilings).toEqual([1, 2, 4, 8, 10]);
  });

  it('spreads over everything from nothing to the ceiling', () => {
    expect(backoffDelay(3, always(0))).toBe(0);
    expect(backoffDelay(3, always(0.5))).toBe(4000);
  });

  it('stays finite for any number of attempts', () => {
    expect(backoffDelay(5000, almostOne)).toBeLessThan(300_000);
  });
});

describe('retryAfterMs', () => {
  const now = Date.UTC(2026, 10, 20, 12, 0, 0);

  it.each([
    ['seconds', '120', 120_000],
    ['no seconds', '0', 0],
    ['seconds with spaces around them', ' 7 ', 7000],
    ['a date to come', 'Fri, 20 Nov 2026 12:00:30 GMT', 30_000],
    ['a date that is over', 'Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['nothing', undefined, 0],
    ['an empty header', '', 0],
    ['words', 'soon', 0],
    ['a negative number', '-5', 0],
    ['a fraction', '1.5', 1500],
  ])('reads %s', (_what, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
