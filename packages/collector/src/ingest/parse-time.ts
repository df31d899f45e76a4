const WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
const LOOSE = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:\s?([Zz]|[+-]\d\d):?(\d\d)?)?)?$/;

/**
 * Reads a client's time: ISO 8601, or a number of Unix milliseconds. A time without a zone is UTC,
 * whatever the server's own zone. Returns Unix milliseconds, or NaN when it is no time.
 */
export function parseTime(value: string | number): number {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value) : Number.NaN;
  if (WITH_ZONE.test(value)) return Date.parse(value);
  const match = LOOSE.exec(value);
  if (!match) return Number.NaN;
  const [, date, time = '00:00', zone = 'Z', zoneMinutes = '00'] = match;
  return Date.parse(`${date}T${time}${zone.toUpperCase() === 'Z' ? 'Z' : `${zone}:${zoneMinutes}`}`);
}
