import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctClock } from './correct-clock.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('correctClock', () => {
  it('takes the error of a client clock out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -DAY * 4000, max: DAY * 4000 }),
        fc.integer({ min: 0, max: DAY }),
        (error, age) => {
          const sentAt = NOW + error;
          const clock = correctClock(NOW, sentAt - age, sentAt, 365);
          expect(clock).toEqual({
            timestamp: NOW - age,
            madeAt: NOW - age,
            clamped: false,
            late: false,
            outOfRange: false,
          });
        },
      ),
    );
  });

  it('corrects nothing without a sentAt, and does not know when the event was made', () => {
    expect(correctClock(NOW, NOW - HOUR, undefined, 365)).toMatchObject({
      timestamp: NOW - HOUR,
      madeAt: null,
    });
  });

  it('takes the time of receipt for an event without a time', () => {
    expect(correctClock(NOW, undefined, NOW, 365)).toMatchObject({ timestamp: NOW, madeAt: null });
  });

  it('sets a time more than 24 h ahead to the time of receipt, and marks it', () => {
    expect(correctClock(NOW, NOW + DAY, undefined, 365)).toMatchObject({
      timestamp: NOW + DAY,
      clamped: false,
    });
    expect(correctClock(NOW, NOW + DAY + 1, undefined, 365)).toMatchObject({
      timestamp: NOW,
      clamped: true,
      outOfRange: false,
    });
  });

  it('does not trust the age of an event that seems made after it was sent', () => {
    expect(correctClock(NOW, NOW + 1, NOW, 365)).toMatchObject({ timestamp: NOW + 1, madeAt: null });
  });

  it('marks what is older than the dedupe horizon as late', () => {
    expect(correctClock(NOW, NOW - 8 * DAY, NOW, 365).late).toBe(false);
    expect(correctClock(NOW, NOW - 8 * DAY - 1, NOW, 365).late).toBe(true);
  });

  it('refuses what is older than the project keeps, or from before 2010', () => {
    expect(correctClock(NOW, NOW - 365 * DAY, NOW, 365).outOfRange).toBe(false);
    expect(correctClock(NOW, NOW - 365 * DAY - 1, NOW, 365).outOfRange).toBe(true);
    expect(correctClock(NOW, Date.UTC(2009, 11, 31), undefined, 65_000).outOfRange).toBe(true);
    expect(correctClock(NOW, Date.UTC(2010, 0, 1), undefined, 65_000).outOfRange).toBe(false);
  });
});
