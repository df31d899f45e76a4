import { describe, expect, it } from 'vitest';
import type { RangeQuestion } from '../question/question-schema.ts';
import { readRange } from './range.ts';
import { isoIn, zoneOf } from './zone.ts';

/** The range at a moment, as a clock on the wall has it. */
function rangeAt(
  range: RangeQuestion,
  now: string,
  timezone = 'UTC',
  weekStart: 'monday' | 'sunday' = 'monday',
) {
  const zone = zoneOf(timezone, '/timezone');
  const { from, to } = readRange(range, { now: Date.parse(now), zone, weekStart }, '/range');
  return [isoIn(zone, from), isoIn(zone, to)];
}

describe('a range in relation to now', () => {
  it.each<[RangeQuestion, string, string, string, string]>([
    // Days of 23 and of 25 hours are days; Nepal’s begin at a quarter past.
    [
      { last: '1 day' },
      'Europe/Berlin',
      '2026-03-29T10:00:00Z',
      '2026-03-29T00:00:00+01:00',
      '2026-03-29T12:00:00+02:00',
    ],
    [
      { last: '3 days', complete: true },
      'Europe/Berlin',
      '2026-03-30T10:00:00Z',
      '2026-03-27T00:00:00+01:00',
      '2026-03-30T00:00:00+02:00',
    ],
    [
      { last: '7 days', complete: true },
      'America/New_York',
      '2026-11-03T03:00:00Z',
      '2026-10-26T00:00:00-04:00',
      '2026-11-02T00:00:00-05:00',
    ],
    [
      { last: '30 days' },
      'Asia/Kathmandu',
      '2026-11-21T18:20:00Z',
      '2026-10-24T00:00:00+05:45',
      '2026-11-22T00:05:00+05:45',
    ],
    // 24 hours are a length of time, a day is not.
    [
      { last: '24 hours' },
      'Europe/Berlin',
      '2026-03-29T10:00:00Z',
      '2026-03-28T11:00:00+01:00',
      '2026-03-29T12:00:00+02:00',
    ],
    [
      { last: '2 hours', complete: true },
      'Asia/Kathmandu',
      '2026-11-21T18:20:00Z',
      '2026-11-21T22:00:00+05:45',
      '2026-11-22T00:00:00+05:45',
    ],
    [
      { last: '90 minutes' },
      'UTC',
      '2026-11-21T00:00:30Z',
      '2026-11-20T22:30:30+00:00',
      '2026-11-21T00:00:30+00:00',
    ],
    [
      { last: '5 minutes', complete: true },
      'UTC',
      '2026-11-21T00:00:30Z',
      '2026-11-20T23:55:00+00:00',
      '2026-11-21T00:00:00+00:00',
    ],
    // The ends of months, over a year’s end and in February.
    [
      { last: '3 months', complete: true },
      'UTC',
      '2026-03-31T12:00:00Z',
      '2025-12-01T00:00:00+00:00',
      '2026-03-01T00:00:00+00:00',
    ],
    [
      { last: '1 month', complete: true },
      'UTC',
      '2028-03-01T00:00:00Z',
      '2028-02-01T00:00:00+00:00',
      '2028-03-01T00:00:00+00:00',
    ],
    [
      { last: '2 months' },
      'UTC',
      '2026-03-31T23:59:59Z',
      '2026-02-01T00:00:00+00:00',
      '2026-03-31T23:59:59+00:00',
    ],
    [
      { last: '2 quarters', complete: true },
      'UTC',
      '2026-05-31T00:00:00Z',
      '2025-10-01T00:00:00+00:00',
      '2026-04-01T00:00:00+00:00',
    ],
    [
      { last: '1 year' },
      'UTC',
      '2028-02-29T00:00:00Z',
      '2028-01-01T00:00:00+00:00',
      '2028-02-29T00:00:00+00:00',
    ],
    [
      { last: '2 weeks', complete: true },
      'Europe/Berlin',
      '2026-04-01T00:00:00Z',
      '2026-03-16T00:00:00+01:00',
      '2026-03-30T00:00:00+02:00',
    ],
    [
      'today',
      'Asia/Kathmandu',
      '2026-11-20T18:15:01Z',
      '2026-11-21T00:00:00+05:45',
      '2026-11-21T00:00:01+05:45',
    ],
    [
      'yesterday',
      'Europe/Berlin',
      '2026-10-26T00:30:00Z',
      '2026-10-25T00:00:00+02:00',
      '2026-10-26T00:00:00+01:00',
    ],
    [
      'month to date',
      'Europe/Berlin',
      '2026-10-31T23:30:00Z',
      '2026-11-01T00:00:00+01:00',
      '2026-11-01T00:30:00+01:00',
    ],
    [
      'quarter to date',
      'UTC',
      '2026-06-30T23:59:59Z',
      '2026-04-01T00:00:00+00:00',
      '2026-06-30T23:59:59+00:00',
    ],
    [
      'year to date',
      'America/New_York',
      '2027-01-01T04:00:00Z',
      '2026-01-01T00:00:00-05:00',
      '2026-12-31T23:00:00-05:00',
    ],
    // The clock goes forward at midnight: the day begins at one.
    [
      'today',
      'Asia/Beirut',
      '2026-03-29T10:00:00Z',
      '2026-03-29T01:00:00+03:00',
      '2026-03-29T13:00:00+03:00',
    ],
  ])('%j in %s at %s is [%s, %s)', (range, timezone, now, from, to) => {
    expect(rangeAt(range, now, timezone)).toEqual([from, to]);
  });

  it('begins its weeks where the question says', () => {
    const at = (weekStart: 'monday' | 'sunday') =>
      rangeAt('week to date', '2026-11-22T12:00:00Z', 'UTC', weekStart)[0];
    expect([at('monday'), at('sunday')]).toEqual(['2026-11-16T00:00:00+00:00', '2026-11-22T00:00:00+00:00']);
  });

  it('has a length also in the moment in which a day begins', () => {
    const now = Date.UTC(2026, 10, 21);
    const clock = { now, zone: zoneOf('UTC', ''), weekStart: 'monday' as const };
    expect(readRange('today', clock, '/range')).toEqual({ from: now, to: now + 1 });
  });

  it('of whole days is as many dates, whenever and wherever it is asked for', () => {
    const seed = Math.floor(Math.random() * 1e9);
    for (const name of ['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Africa/Casablanca']) {
      const zone = zoneOf(name, '');
      const date = (ms: number) => new Date(ms + zone.offsetAt(ms)).toISOString().slice(0, 10);
      for (let n = 0; n < 200; n++) {
        const now = Date.UTC(2024, 0, 1) + ((seed * 7919 + n * 104_729_333) % (3 * 365 * 86_400)) * 1000;
        const clock = { now, zone, weekStart: 'monday' as const };
        const { from, to } = readRange({ last: '10 days', complete: true }, clock, '/range');
        const dates = (Date.parse(date(to)) - Date.parse(date(from))) / 86_400_000;
        expect([dates, date(to)], `seed ${seed}: ${name}, ${now}`).toEqual([10, date(now)]);
      }
    }
  });

  it.each(['', '0 days', '30', '1.5 days', '5 fortnights', '-1 days', '1000 years'])(
    'the last %j is none',
    (last) => {
      expect(() => rangeAt({ last }, '2026-11-21T00:00:00Z')).toThrow('/range/last');
    },
  );
});
