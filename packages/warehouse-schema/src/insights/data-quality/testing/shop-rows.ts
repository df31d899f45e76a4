import type { makeEventRow } from '../../../testing/make-event-row.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 10, 2, 0, 30);
/** Where the last week begins, in which rows look otherwise. */
export const FROM = Date.UTC(2026, 9, 26);
const BEGIN = FROM - 35 * DAY;
const GAP = { from: Date.UTC(2026, 9, 28, 9), to: Date.UTC(2026, 9, 28, 14) };
const SPIKE = Date.UTC(2026, 9, 30, 11);

/** A row of the shop, as `makeEventRow` takes it. */
export type ShopRow = Parameters<typeof makeEventRow>[1] & { timestamp: number };

/** How many `view`s an hour has, by the clock of Berlin: with a gap and a spike. */
function viewsIn(hour: number, random: () => number): number {
  const local = new Date(hour + (hour < Date.UTC(2026, 9, 25, 1) ? 2 : 1) * HOUR).getUTCHours();
  const usual = local >= 8 && local < 20 ? 20 + Math.floor(random() * 10) : random() < 0.1 ? 1 : 0;
  if (hour >= GAP.from && hour < GAP.to) return 0;
  return hour === SPIKE ? usual * 4 : usual;
}

/** A `view`, which looks otherwise in the last week. */
function view(timestamp: number, random: () => number): ShopRow {
  const isNow = timestamp >= FROM;
  return {
    event: 'view',
    timestamp,
    received_at: timestamp + 2000,
    inserted_at: timestamp + 2500,
    anonymous_id: `v${Math.floor(random() * 500)}`,
    library: 'web',
    library_version: isNow ? '2.0.0' : '1.0.0',
    user_id: isNow && random() < 0.5 ? '' : 'ada',
    properties: {
      price: isNow ? '5' : 5,
      [isNow ? 'fresh' : 'old']: true,
      amount: random() < 0.5 ? 1 : 1.5,
      product_id: 'p',
    },
  } as ShopRow;
}

/** For tests: six weeks of a shop, until `NOW`. */
export function shopRows(random: () => number): ShopRow[] {
  const rows: ShopRow[] = [];
  for (let hour = BEGIN; hour < NOW; hour += HOUR) {
    for (let left = viewsIn(hour, random); left > 0; left--) {
      const timestamp = hour + Math.floor(random() * HOUR);
      if (timestamp < NOW) rows.push(view(timestamp, random));
    }
  }
  return rows;
}
