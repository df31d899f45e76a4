/** A row as the oracle sees it: whose, and on which day of the zone's calendar, counted from 1970. */
export interface ActivityRow {
  person: string;
  day: number;
}

/** Days since 1970 by the calendar of a zone, as the platform's own formatter says it. */
export function dayCounter(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const known = new Map<number, number>();
  return (ms) => {
    const day = known.get(ms) ?? Date.parse(format.format(ms)) / 86_400_000;
    known.set(ms, day);
    return day;
  };
}

/** Monday begins a week: 1970 began on a Thursday. */
export const intervalNumber = (day: number, unit: 'day' | 'week'): number =>
  unit === 'day' ? day : Math.floor((day + 3) / 7);

/** Different people with a row on one of the days. */
export function peopleOn(rows: readonly ActivityRow[], first: number, last: number): number {
  return new Set(rows.filter(({ day }) => day >= first && day <= last).map(({ person }) => person)).size;
}

/** How often each person was active in each interval. */
export function timesByInterval(
  rows: readonly ActivityRow[],
  unit: 'day' | 'week',
): Map<string, Map<number, number>> {
  const people = new Map<string, Map<number, number>>();
  for (const { person, day } of rows) {
    const times = people.get(person) ?? new Map<number, number>();
    people.set(person, times);
    const number = intervalNumber(day, unit);
    times.set(number, (times.get(number) ?? 0) + 1);
  }
  return people;
}

/** Who is what in an interval, by looking at each person. */
export function lifecycleOf(people: Map<string, Map<number, number>>, interval: number) {
  const counts = { new: 0, returning: 0, resurrecting: 0, dormant: 0 };
  for (const times of people.values()) {
    const [now, before] = [times.has(interval), times.has(interval - 1)];
    if (before && !now) counts.dormant++;
    if (!now) continue;
    if (before) counts.returning++;
    else if ([...times.keys()].some((number) => number < interval)) counts.resurrecting++;
    else counts.new++;
  }
  return counts;
}
