import { describe, expect, it } from 'vitest';
import { parseTime } from './parse-time.ts';

describe('parseTime', () => {
  const expected = Date.UTC(2026, 10, 20, 12, 30, 15);

  it.each([
    '2026-11-20T12:30:15Z',
    '2026-11-20T12:30:15.000Z',
    '2026-11-20t12:30:15z',
    '2026-11-20T14:30:15+02:00',
    '2026-11-20T14:30:15+0200',
    '2026-11-20 12:30:15',
    '2026-11-20T12:30:15.000000',
    '2026-11-20T12:30:15 +00:00',
  ])('reads %s, as UTC where no zone is named', (text) => {
    expect(parseTime(text)).toBe(expected);
  });

  it('reads a date and a number of milliseconds', () => {
    expect(parseTime('2026-11-20')).toBe(Date.UTC(2026, 10, 20));
    expect(parseTime(expected)).toBe(expected);
    expect(parseTime(expected + 0.4)).toBe(expected);
  });

  it.each(['', 'soon', '20/11/2026', '2026-13-01', '2026-11-20T25:00:00Z', 'Fri Nov 20 2026', '12345'])(
    'says that %j is no time',
    (text) => {
      expect(parseTime(text)).toBeNaN();
    },
  );
});
