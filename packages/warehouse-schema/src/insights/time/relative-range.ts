import { invalid } from '../insight-error.ts';
import type { IntervalUnit, RangeQuestion } from '../question/question-schema.ts';
import { startOf } from './intervals.ts';
import type { Range } from './range.ts';
import type { Zone } from './zone.ts';

type RelativeRange = Exclude<RangeQuestion, { from: string }>;

/** The moment of the question, by whose calendar and clock it is read. */
export interface RangeClock {
  now: number;
  zone: Zone;
  weekStart: 'monday' | 'sunday';
}

const LENGTH_MS = { minute: 60_000, hour: 3_600_000 };
const LAST = /^([1-9]\d{0,4}) (minute|hour|day|week|month|quarter|year)s?$/;
const TO_DATE: Record<string, IntervalUnit> = {
  today: 'day',
  'week to date': 'week',
  'month to date': 'month',
  'quarter to date': 'quarter',
  'year to date': 'year',
};
const EARLIEST = Date.UTC(2000, 0, 1);

/**
 * The range that a question means at its moment. Minutes and hours are lengths of time; days and longer units are the
 * calendar's, the one that is not over yet included, which ends with the moment of the question. `complete`: only whole
 * ones, the last of which is over.
 * @throws InsightError where it is none, or reaches back before 2000.
 */
export function readRelativeRange(range: RelativeRange, clock: RangeClock, pointer: string): Range {
  const { now, zone, weekStart } = clock;
  if (typeof range === 'string') {
    const today = startOf(now, 'day', zone, weekStart);
    if (range === 'yesterday') return { from: unitsBefore(today, 1, 'day', zone), to: today };
    const unit = TO_DATE[range] ?? 'day';
    return atLeastAMoment({ from: startOf(now, unit, zone, weekStart), to: now });
  }
  const [, number, unit] = LAST.exec(range.last) ?? [];
  if (number === undefined || unit === undefined)
    throw invalid(
      `${pointer}/last`,
      'expected a number and minutes, hours, days, weeks, months, quarters or years, such as "30 days"',
    );
  const count = Number(number);
  const found =
    unit === 'minute' || unit === 'hour'
      ? lengthOfTime(now, count, unit, range.complete, zone)
      : calendarUnits(clock, count, unit as IntervalUnit, range.complete);
  if (found.from < EARLIEST) throw invalid(`${pointer}/last`, 'must not reach back before the year 2000');
  return atLeastAMoment(found);
}

function lengthOfTime(
  now: number,
  count: number,
  unit: 'minute' | 'hour',
  complete = false,
  zone: Zone,
): Range {
  const to = !complete
    ? now
    : unit === 'hour'
      ? startOf(now, 'hour', zone, 'monday')
      : Math.floor(now / LENGTH_MS.minute) * LENGTH_MS.minute;
  return { from: to - count * LENGTH_MS[unit], to };
}

function calendarUnits(
  { now, zone, weekStart }: RangeClock,
  count: number,
  unit: IntervalUnit,
  complete = false,
): Range {
  const current = startOf(now, unit, zone, weekStart);
  if (complete) return { from: unitsBefore(current, count, unit, zone), to: current };
  return { from: unitsBefore(current, count - 1, unit, zone), to: now };
}

/** Where the unit begins that comes so many before the one that begins at `start`, by the zone's calendar. */
function unitsBefore(start: number, count: number, unit: IntervalUnit, zone: Zone): number {
  const local = new Date(start + zone.offsetAt(start));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const days = unit === 'day' ? 1 : unit === 'week' ? 7 : 0;
  if (days > 0) return zone.momentOf(Date.UTC(year, month, day - count * days));
  const months = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  return zone.momentOf(Date.UTC(year, month - count * months));
}

/** A question asked in the very moment in which a day begins. */
function atLeastAMoment({ from, to }: Range): Range {
  return { from, to: Math.max(to, from + 1) };
}
