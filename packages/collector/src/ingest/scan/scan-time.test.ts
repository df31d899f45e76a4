import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../parse-time.ts';
import { scanTime } from './scan-time.ts';

const scan = (text: string): number => {
  const json = Buffer.from(`[${JSON.stringify(text)}]`);
  return scanTime(json, 1, json.length - 1);
};

describe('scanTime', () => {
  it('reads every time that parseTime reads, and as it does', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(scan(date.toISOString())).toBe(parseTime(date.toISOString()));
      }),
    );
  });

  it.each([
    '2026-02-28T23:59:59.999Z',
    '2026-02-29T00:00:00.000Z',
    '2026-02-31T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-00-01T00:00:00.000Z',
    '2026-01-00T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:60:00.000Z',
    '2026-01-01T00:00:60.000Z',
    '0099-01-01T00:00:00.000Z',
    '2026-01-0xT00:00:00.000Z',
    '2026-01-01 00:00:00.000Z',
    '2026-01-01',
    'é26-01-01T00:00:00.000Z',
    '',
  ])('agrees with parseTime about %j', (text) => {
    expect(scan(text)).toEqual(parseTime(text));
  });
});
