/** Where visitors live: their clock decides when they come. */
export interface Region {
  share: number;
  timezone: string;
  /** Hours before UTC is negative. Summer time is left out. */
  utcOffset: number;
  locales: readonly string[];
  cities: readonly string[];
}

/** Where the demo shop's visitors live. */
export const REGIONS: readonly Region[] = [
  {
    share: 44,
    timezone: 'Europe/Berlin',
    utcOffset: 1,
    locales: ['de-DE', 'de-DE', 'en-DE'],
    cities: ['Berlin', 'Hamburg', 'Leipzig', 'Köln', 'München'],
  },
  {
    share: 12,
    timezone: 'Europe/Vienna',
    utcOffset: 1,
    locales: ['de-AT'],
    cities: ['Wien', 'Graz', 'Linz'],
  },
  {
    share: 12,
    timezone: 'Europe/Paris',
    utcOffset: 1,
    locales: ['fr-FR'],
    cities: ['Paris', 'Lyon', 'Nantes'],
  },
  {
    share: 14,
    timezone: 'Europe/London',
    utcOffset: 0,
    locales: ['en-GB'],
    cities: ['London', 'Bristol', 'Leeds'],
  },
  {
    share: 7,
    timezone: 'Europe/Stockholm',
    utcOffset: 1,
    locales: ['sv-SE', 'en-SE'],
    cities: ['Stockholm', 'Göteborg'],
  },
  {
    share: 8,
    timezone: 'America/New_York',
    utcOffset: -5,
    locales: ['en-US'],
    cities: ['New York', 'Boston'],
  },
  { share: 3, timezone: 'Asia/Tokyo', utcOffset: 9, locales: ['ja-JP'], cities: ['Tokyo'] },
];

// From midnight on: nights are quiet, lunch has a small peak, evenings the large one.
const BY_HOUR = [
  0.25, 0.14, 0.09, 0.07, 0.08, 0.15, 0.35, 0.6, 0.8, 0.9, 0.95, 1, 1.15, 1.1, 0.95, 0.92, 0.95, 1.05, 1.2,
  1.45, 1.6, 1.5, 1.05, 0.55,
];

// From Sunday on: people bake at the weekend and order before it.
const BY_DAY = [1.25, 0.9, 0.88, 0.92, 1.02, 1.12, 1.18];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How many visitors of a region come at a time, against the others and other times. */
export function regionActivity(region: Region, timeMs: number): number {
  const local = timeMs + region.utcOffset * HOUR_MS;
  const hour = (local % DAY_MS) / HOUR_MS;
  const from = BY_HOUR[Math.floor(hour)] ?? 1;
  const to = BY_HOUR[(Math.floor(hour) + 1) % 24] ?? 1;
  // 1970 began on a Thursday.
  const day = BY_DAY[(Math.floor(local / DAY_MS) + 4) % 7] ?? 1;
  return region.share * (from + (to - from) * (hour % 1)) * day;
}

/** How many visitors come at a time, against other times. */
export function activity(timeMs: number): number {
  return REGIONS.reduce((sum, region) => sum + regionActivity(region, timeMs), 0);
}
