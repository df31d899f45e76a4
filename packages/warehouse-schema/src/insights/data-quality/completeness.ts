import { joinSql, type Sql, sql } from '../sql/sql.ts';
import { sqlFile } from '../sql/sql-file.ts';
import { type Rows, rowsWith, type SampledEvent } from './drift/read-properties.ts';
import { sharesOf } from './drift/schema-drift.ts';
import { hasChanged } from './drift/share-change.ts';
import { type LookedAt, noticeSample } from './looked-at.ts';

/** What is looked at in every event, with what says that it is set. */
const COLUMNS: readonly (readonly [name: string, isSet: Sql])[] = [
  ['anonymous_id', sql`events.anonymous_id != ''`],
  ['user_id', sql`events.user_id != ''`],
  ['session_id', sql`events.session_id != ''`],
  ['url', sql`events.hostname != ''`],
  ['path', sql`events.path != ''`],
  ['referrer', sql`events.referrer_domain != ''`],
  ['utm_source', sql`events.utm_source != ''`],
  ['channel', sql`events.channel != ''`],
  ['browser', sql`events.browser != ''`],
  ['os', sql`events.os != ''`],
  ['device_type', sql`events.device_type != ''`],
  ['screen_width', sql`events.screen_width > 0`],
  ['locale', sql`events.locale != ''`],
  ['timezone', sql`events.timezone != ''`],
  ['country', sql`events.country != ''`],
  ['library_version', sql`events.library_version != ''`],
  ['revenue', sql`events.revenue != 0`],
  ['currency', sql`events.currency != ''`],
  ['sent_at', sql`events.sent_at != toDateTime64(0, 3, 'UTC')`],
];

/** Shares of rows in which something is set, from 0 to 1, by its name. */
type Shares = Record<string, Rows>;

export interface CompletenessResult {
  /** Rows of the sample; the 30 most frequent properties. */
  events: { event: string; rows: Rows; columns: Shares; properties: Shares }[];
  libraries: { library: string; version: string; rows: Rows; columns: Shares }[];
  /** What differs from the time before by more than chance, the greatest difference first. */
  changes: {
    event: string;
    /** Null: over all libraries. */
    library: string | null;
    version: string | null;
    /** A column, or `properties.` and the property. */
    field: string;
    share: Rows;
  }[];
}

/** Counts of set columns, by event, library and version. */
export interface ColumnCounts {
  event: string;
  library: string;
  version: string;
  rows: Rows;
  filled: Rows[];
}

interface ColumnRow {
  event: string;
  library: string;
  version: string;
  is_now: boolean;
  row_count: number;
  filled: number[];
}

const MAX_ROWS = 5_000;
const SHOWN_PROPERTIES = 30;
const SHOWN_CHANGES = 100;

/** Reads in how many rows of the sample each column is set. */
export async function readColumns(at: LookedAt): Promise<ColumnCounts[]> {
  const { run, scope, before, range, names, sample } = at;
  const columns = sql`[${joinSql(COLUMNS.map(([, isSet]) => sql`toUInt64(${isSet})`))}]`;
  const found = await run.query<ColumnRow>(
    sqlFile(
      'data-quality/columns',
      { rows: scope.rows({ range: { from: before.from, to: range.to } }), sample, columns },
      { from: range.from, names, limit: MAX_ROWS },
    ),
  );
  noticeSample(at);
  return sumUp(found, ({ event, library, version }) => [event, library, version]);
}

/** The counts of rows that have the same key. */
function sumUp(
  found: readonly ColumnRow[],
  keyOf: (row: ColumnRow) => [string, string, string],
): ColumnCounts[] {
  const groups = new Map<string, ColumnCounts>();
  for (const row of found) {
    const [event, library, version] = keyOf(row);
    const key = JSON.stringify([event, library, version]);
    const group = groups.get(key) ?? {
      event,
      library,
      version,
      rows: { now: 0, before: 0 },
      filled: COLUMNS.map(() => ({ now: 0, before: 0 })),
    };
    groups.set(key, group);
    const side = row.is_now ? 'now' : 'before';
    group.rows[side] += row.row_count;
    row.filled.forEach((count, index) => {
      const one = group.filled[index];
      if (one) one[side] += count;
    });
  }
  return [...groups.values()];
}

/** Adds counts up over what `keyOf` leaves out. */
export function groupCounts(
  counts: readonly ColumnCounts[],
  keyOf: (one: ColumnCounts) => [string, string, string],
): ColumnCounts[] {
  const rows = counts.flatMap(({ rows: { now, before }, filled, ...of }) =>
    (
      [
        [true, now],
        [false, before],
      ] as const
    ).map(([is_now, row_count]) => ({
      ...of,
      is_now,
      row_count,
      filled: filled.map((one) => (is_now ? one.now : one.before)),
    })),
  );
  return sumUp(rows, (row) => keyOf({ ...row, rows: { now: 0, before: 0 }, filled: [] }));
}

/** In which part of the rows columns and properties are set, and where that differs from the time before. */
export function completenessOf(
  counts: readonly ColumnCounts[],
  sampled: readonly SampledEvent[],
): CompletenessResult {
  const byEvent = groupCounts(counts, ({ event }) => [event, '', '']);
  const properties = new Map(sampled.map((one) => [one.event, one]));
  const changes: CompletenessResult['changes'] = [];
  const compare = (of: Omit<CompletenessResult['changes'][number], 'share'>, set: Rows, all: Rows) => {
    const isChange = hasChanged({ now: set.now, nowOf: all.now, before: set.before, beforeOf: all.before });
    if (isChange) changes.push({ ...of, share: sharesOf(set, all) });
  };
  for (const { event, library, version, rows, filled } of counts) {
    filled.forEach((set, index) => {
      compare({ event, library, version, field: COLUMNS[index]?.[0] ?? '' }, set, rows);
    });
  }
  for (const { event, rows, properties: all } of sampled) {
    for (const [property, types] of all) {
      const field = `properties.${property}`;
      compare({ event, library: null, version: null, field }, rowsWith(types), rows);
    }
  }
  const size = ({ share }: { share: Rows }) => Math.abs(share.now - share.before);
  return {
    events: byEvent.map(({ event, rows, filled }) => ({
      event,
      rows,
      columns: columnShares(filled, rows),
      properties: propertyShares(properties.get(event)),
    })),
    libraries: groupCounts(counts, ({ library, version }) => ['', library, version]).map(
      ({ library, version, rows, filled }) => ({
        library,
        version,
        rows,
        columns: columnShares(filled, rows),
      }),
    ),
    changes: changes.sort((a, b) => size(b) - size(a)).slice(0, SHOWN_CHANGES),
  };
}

function columnShares(filled: readonly Rows[], rows: Rows): Shares {
  return Object.fromEntries(
    COLUMNS.map(([name], n) => [name, sharesOf(filled[n] ?? { now: 0, before: 0 }, rows)]),
  );
}

function propertyShares(sampled: SampledEvent | undefined): Shares {
  const all = [...(sampled?.properties ?? [])].map(([property, types]) => ({
    property,
    set: rowsWith(types),
  }));
  all.sort((a, b) => b.set.now + b.set.before - a.set.now - a.set.before);
  return Object.fromEntries(
    all
      .slice(0, SHOWN_PROPERTIES)
      .map(({ property, set }) => [property, sharesOf(set, sampled?.rows ?? set)]),
  );
}
