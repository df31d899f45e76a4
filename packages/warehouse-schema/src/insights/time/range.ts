import { invalid } from '../insight-error.ts';
import type { RangeQuestion } from '../question/question-schema.ts';
import { type RangeClock, readRelativeRange } from './relative-range.ts';
import type { Zone } from './zone.ts';

/** [from, to) in Unix milliseconds. */
export interface Range {
  from: number;
  to: number;
}

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;
const WITH_OFFSET = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(?:Z|([+-])(\d\d):(\d\d))$/;
/** All of history. */
export const EVER: Range = { from: 0, to: Date.UTC(2100, 0, 1) };
const FIRST = Date.UTC(2000, 0, 1);
const LAST = EVER.to;

/** The range of a question at its moment. @throws InsightError when a time is none, or the range has no length. */
export function readRange(range: RangeQuestion, clock: RangeClock, pointer: string): Range {
  const { zone } = clock;
  if (typeof range === 'string' || 'last' in range) return readRelativeRange(range, clock, pointer);
  const from = readMoment(range.from, zone, `${pointer}/from`);
  const to = readMoment(range.to, zone, `${pointer}/to`);
  if (to <= from) throw invalid(`${pointer}/to`, 'must be later than from');
  return { from, to };
}

function readMoment(text: string, zone: Zone, pointer: string): number {
  const [, start, sign, hours, minutes] = WITH_OFFSET.exec(text) ?? [];
  const local = readLocal(start ?? text);
  if (local === undefined || local < FIRST || local >= LAST || Number(hours ?? 0) > 23) {
    throw invalid(
      pointer,
      'expected a time between 2000 and 2100 such as 2026-11-01, 2026-11-01T08:30 or 2026-11-01T08:30:00Z',
    );
  }
  if (start === undefined) return zone.momentOf(local);
  const shift = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? local + shift : local - shift;
}

/** As if it were UTC; undefined where the calendar or the clock has no such time. */
function readLocal(text: string): number | undefined {
  const match = LOCAL.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const ms = Number((match[7] ?? '').padEnd(3, '0'));
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const date = new Date(time);
  const same =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return same ? time : undefined;
}

/**
 * The range of the same length that ends where this one begins; `year`: the same dates one year before. Of whole days
 * it has as many whole days, whatever the clock was set to in between.
 */
export function earlierRange({ from, to }: Range, zone: Zone, which: 'previous' | 'year'): Range {
  const local = (ms: number) => ms + zone.offsetAt(ms);
  if (which === 'year') {
    const yearBefore = (ms: number) => {
      const date = new Date(local(ms));
      const month = date.getUTCMonth();
      date.setUTCFullYear(date.getUTCFullYear() - 1);
      if (date.getUTCMonth() !== month) date.setUTCDate(0); // 29 February
      return zone.momentOf(date.getTime());
    };
    return { from: yearBefore(from), to: yearBefore(to) };
  }
  return { from: zone.momentOf(local(from) - (local(to) - local(from))), to: from };
}
