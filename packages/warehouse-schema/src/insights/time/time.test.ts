import { describe, expect, it } from 'vitest';
import { intervalsOf } from './intervals.ts';
import { earlierRange, readRange } from './range.ts';
import type { RangeClock } from './relative-range.ts';
import { isoIn, zoneOf } from './zone.ts';

const HOUR = 3_600_000;
const zone = (name: string) => zoneOf(name, '/timezone');
const clock = (name: string): RangeClock => ({ now: 0, zone: zone(name), weekStart: 'monday' });
const SOME = [
  'UTC',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Beirut',
  'Africa/Casablanca',
];

describe('a zone', () => {
  it.each(SOME)('%s: the clock shows at a moment what the moment is found by', (name) => {
    const { momentOf, offsetAt } = zone(name);
    const seed = Math.floor(Math.random() * 1e9);
    for (let n = 0; n < 3000; n++) {
      const ms = Date.UTC(2010, 0, 1) + ((seed * 7919 + n * 104_729) % (25 * 365 * 24)) * HOUR + n * 1000;
      const found = momentOf(ms + offsetAt(ms));
      // The same moment, or the first of two at which the clock shows this.
      const same = found === ms || (found < ms && found + offsetAt(found) === ms + offsetAt(ms));
      expect(same, `seed ${seed}, ${new Date(ms).toISOString()}`).toBe(true);
    }
  });

  it('a time that is skipped is the moment of the skip', () => {
    const berlin = zone('Europe/Berlin');
    expect(isoIn(berlin, berlin.momentOf(Date.UTC(2026, 2, 29, 2, 30)))).toBe('2026-03-29T03:00:00+02:00');
  });

  it('has the name of the data base, whatever its case', () => {
    expect(zone('europe/berlin').name).toBe('Europe/Berlin');
    for (const name of ['', '+05:30', 'Mars/Base', 'UTC; DROP', 'Europe/Berlin\n'])
      expect(() => zone(name)).toThrow('/timezone');
  });
});

describe('intervals', () => {
  it.each(SOME)('%s: follow each other without a gap, and hold the range', (name) => {
    const range = { from: Date.UTC(2026, 2, 1, 3, 7), to: Date.UTC(2026, 3, 20, 5, 11) };
    for (const unit of ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const) {
      const { starts, end } = intervalsOf(range, unit, zone(name), 'monday', '');
      const edges = [...starts, end];
      expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
      expect(starts[0]).toBeLessThanOrEqual(range.from);
      expect(starts[1] ?? end).toBeGreaterThan(range.from);
      expect(starts.at(-1)).toBeLessThan(range.to);
      expect(end).toBeGreaterThanOrEqual(range.to);
    }
  });

  it('a quarter of an hour is one in every zone', () => {
    const range = { from: Date.UTC(2026, 9, 25), to: Date.UTC(2026, 9, 25, 3) };
    expect(intervalsOf(range, '15 minutes', zone('Pacific/Chatham'), 'monday', '').starts).toHaveLength(12);
  });

  it('are no more than 2,000', () => {
    const range = { from: Date.UTC(2020, 0, 1), to: Date.UTC(2026, 0, 1) };
    expect(() => intervalsOf(range, 'day', zone('UTC'), 'monday', '/interval')).toThrow('more than 2000');
  });
});

describe('a range', () => {
  it.each([
    ['2026-11-01', '2026-10-31T18:15:00.000Z'],
    ['2026-11-01T08:30', '2026-11-01T02:45:00.000Z'],
    ['2026-11-01 08:30:01.5', '2026-11-01T02:45:01.500Z'],
    ['2026-11-01T08:30:00Z', '2026-11-01T08:30:00.000Z'],
    ['2026-11-01T08:30:00-03:30', '2026-11-01T12:00:00.000Z'],
  ])('%s in Nepal is %s', (from, expected) => {
    const range = readRange({ from, to: '2027-01-01' }, clock('Asia/Kathmandu'), '/range');
    expect(new Date(range.from).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'today',
    '2026-13-01',
    '2026-02-29',
    '2026-11-01T24:00',
    '2026-11-01T10',
    '1999-12-31',
    '2026-11-01T10:00+25:00',
  ])('%j is no time', (from) => {
    expect(() => readRange({ from, to: '2027-01-01' }, clock('UTC'), '/range')).toThrow('/range/from');
  });

  it('has before it as many days, whatever the clock was set to', () => {
    const berlin = zone('Europe/Berlin');
    const range = readRange({ from: '2026-03-29', to: '2026-04-05' }, clock('Europe/Berlin'), '/range');
    const earlier = earlierRange(range, berlin, 'previous');
    expect(isoIn(berlin, earlier.from)).toBe('2026-03-22T00:00:00+01:00');
    expect(earlier.to).toBe(range.from);
  });
});
