import type { Zone } from '../time/zone.ts';

const DAY_MS = 86_400_000;

/** Where a time zone's calendar cuts the times of a question. Days are counted from 1970. */
export interface DayPieces {
  /** The moments at which a day begins, in Unix milliseconds, and which day that is. */
  moments: number[];
  days: number[];
  /** How many times are within a day. */
  cuts: number;
  /** Days that a time cuts in two, each from its first moment to the next day's. */
  parts: { day: number; from: number; to: number }[];
}

/** The day of a moment. */
export function dayOf(zone: Zone, ms: number): number {
  return Math.floor((ms + zone.offsetAt(ms)) / DAY_MS);
}

/** What the days of some moments are to them; those before `since` are no edges. */
export function dayPieces(zone: Zone, moments: readonly number[], since: number): DayPieces {
  const pieces: DayPieces = { moments: [], days: [], cuts: 0, parts: [] };
  for (const moment of new Set(moments.filter((ms) => ms > since))) {
    const day = dayOf(zone, moment);
    const from = zone.momentOf(day * DAY_MS);
    pieces.moments.push(from);
    pieces.days.push(day);
    if (from === moment) continue;
    pieces.cuts++;
    if (!pieces.parts.some((part) => part.day === day))
      pieces.parts.push({ day, from, to: zone.momentOf((day + 1) * DAY_MS) });
  }
  return pieces;
}
