import { invalid } from '../insight-error.ts';
import type { IntervalUnit } from '../question/question-schema.ts';
import type { Range } from './range.ts';
import { isoIn, type Zone } from './zone.ts';

const MAX_INTERVALS = 2_000;
const QUARTER_HOUR = 900_000;
const DAY_MS = 86_400_000;

/** Where the intervals begin that hold a range, oldest first, and where the last one ends. */
export interface Intervals {
  starts: number[];
  end: number;
}

/**
 * The intervals that hold a range: the first begins at or before `from`. By the zone's clock and calendar: a day may
 * have 23 or 25 hours, an hour that comes twice is two intervals, and a quarter of an hour is one everywhere, since
 * every zone is a multiple of it away from UTC.
 * @throws InsightError when there would be more than 2,000.
 */
export function intervalsOf(
  { from, to }: Range,
  unit: IntervalUnit,
  zone: Zone,
  weekStart: 'monday' | 'sunday',
  pointer: string,
): Intervals {
  let start = startOf(from, unit, zone, weekStart);
  const starts: number[] = [];
  while (start < to) {
    if (starts.length === MAX_INTERVALS) {
      throw invalid(pointer, `the range has more than ${MAX_INTERVALS} such intervals; take longer ones`);
    }
    starts.push(start);
    start = nextStart(start, unit, zone);
  }
  return { starts, end: start };
}

/** Intervals as answers show them; `complete`: lies within the range, and is over. */
export interface ShownInterval {
  /** ISO 8601 with the zone's offset. */
  start: string;
  complete: boolean;
}

/** Intervals as answers show them. */
export function showIntervals(
  { starts, end }: Intervals,
  { from, to }: Range,
  zone: Zone,
  now: number,
): ShownInterval[] {
  return starts.map((start, index) => ({
    start: isoIn(zone, start),
    complete: start >= from && (starts[index + 1] ?? end) <= Math.min(to, now),
  }));
}

/** Where the interval begins that holds a moment. */
export function startOf(ms: number, unit: IntervalUnit, zone: Zone, weekStart: 'monday' | 'sunday'): number {
  const quarter = Math.floor(ms / QUARTER_HOUR) * QUARTER_HOUR;
  if (unit === '15 minutes') return quarter;
  if (unit === 'hour') {
    let start = quarter;
    while (!isFullHour(start, zone)) start -= QUARTER_HOUR;
    return start;
  }
  const day = Math.floor((ms + zone.offsetAt(ms)) / DAY_MS) * DAY_MS;
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const weekday = (date.getUTCDay() + (weekStart === 'monday' ? 6 : 0)) % 7;
  switch (unit) {
    case 'day':
      return zone.momentOf(day);
    case 'week':
      return zone.momentOf(day - weekday * DAY_MS);
    case 'month':
      return zone.momentOf(Date.UTC(year, month));
    case 'quarter':
      return zone.momentOf(Date.UTC(year, month - (month % 3)));
    case 'year':
      return zone.momentOf(Date.UTC(year, 0));
  }
}

function nextStart(start: number, unit: IntervalUnit, zone: Zone): number {
  if (unit === '15 minutes') return start + QUARTER_HOUR;
  if (unit === 'hour') {
    let next = start + QUARTER_HOUR;
    while (!isFullHour(next, zone)) next += QUARTER_HOUR;
    return next;
  }
  const local = Math.floor((start + zone.offsetAt(start)) / DAY_MS) * DAY_MS;
  const date = new Date(local);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const days = unit === 'day' ? 1 : unit === 'week' ? 7 : 0;
  if (days > 0) return zone.momentOf(Date.UTC(year, month, day + days));
  const months = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  return zone.momentOf(Date.UTC(year, month + months));
}

function isFullHour(ms: number, zone: Zone): boolean {
  return (ms + zone.offsetAt(ms)) % 3_600_000 === 0;
}
