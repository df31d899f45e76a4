import { invalid } from '../insight-error.ts';
import { param, type Sql, sql } from '../sql/sql.ts';

/** How the value of a property of an event is read. */
export interface PropertySql {
  /** As text, `''` where it is missing. */
  text: Sql;
  /** As a finite number, else NULL; of `revenue` a decimal, whose sums are exact. */
  number: Sql;
}

const text = (column: Sql): PropertySql => ({ text: sql`toString(${column})`, number: parsed(column) });
const number = (column: Sql): PropertySql => ({
  text: sql`toString(${column})`,
  number: sql`toNullable(${column})`,
});

const COLUMNS: Record<string, PropertySql> = {
  event: text(sql`events.event`),
  type: text(sql`events.type`),
  distinct_id: text(sql`events.distinct_id`),
  anonymous_id: text(sql`events.anonymous_id`),
  user_id: text(sql`events.user_id`),
  group_id: text(sql`events.group_id`),
  session_id: text(sql`events.session_id`),
  name: text(sql`events.name`),
  category: text(sql`events.category`),
  url: text(sql`events.url`),
  hostname: text(sql`events.hostname`),
  path: text(sql`events.path`),
  search: text(sql`events.search`),
  title: text(sql`events.title`),
  referrer: text(sql`events.referrer`),
  referrer_domain: text(sql`events.referrer_domain`),
  utm_source: text(sql`events.utm_source`),
  utm_medium: text(sql`events.utm_medium`),
  utm_campaign: text(sql`events.utm_campaign`),
  utm_term: text(sql`events.utm_term`),
  utm_content: text(sql`events.utm_content`),
  channel: text(sql`events.channel`),
  browser: text(sql`events.browser`),
  browser_version: text(sql`events.browser_version`),
  os: text(sql`events.os`),
  os_version: text(sql`events.os_version`),
  device_type: text(sql`events.device_type`),
  device_vendor: text(sql`events.device_vendor`),
  device_model: text(sql`events.device_model`),
  locale: text(sql`events.locale`),
  timezone: text(sql`events.timezone`),
  country: text(sql`events.country`),
  region: text(sql`events.region`),
  city: text(sql`events.city`),
  library: text(sql`events.library`),
  library_version: text(sql`events.library_version`),
  currency: text(sql`events.currency`),
  is_bot: text(sql`events.is_bot`),
  late: text(sql`events.late`),
  clock_clamped: text(sql`events.clock_clamped`),
  revenue: number(sql`events.revenue`),
  screen_width: number(sql`events.screen_width`),
  screen_height: number(sql`events.screen_height`),
};

// What ClickHouse reads as a type, a sub-object or an element, not as a name.
const NOT_A_PATH = /(^|\.)[\^:@]|\[\]|\.\.|\.$|^\./;

/**
 * How a property is read: a column from a fixed list, or a path of the JSON columns. The path is bound as an
 * identifier, so that ClickHouse reads that one sub-column: measured 70 times faster than parsing the JSON.
 * @throws InsightError when there is no such column or the path is none.
 */
export function propertySql(name: string, pointer: string): PropertySql {
  const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
  if (column) return column;
  const path = jsonPath(name);
  if (path === undefined) {
    throw invalid(
      pointer,
      `unknown property ${JSON.stringify(name)}; expected one of ${Object.keys(COLUMNS).join(', ')}, or a path such as properties.plan, traits.plan or context.app.name`,
    );
  }
  if (NOT_A_PATH.test(path)) throw invalid(pointer, `${JSON.stringify(name)} is no path`);
  const read = sql`ifNull(toString(${param('property', 'Identifier', name)}), '')`;
  return { text: read, number: parsed(read) };
}

/** The part of a property's name that is a path within a JSON column; undefined if it names a column. */
export function jsonPath(name: string): string | undefined {
  return /^(?:properties|traits|context)\.([\s\S]+)$/.exec(name)?.[1];
}

function parsed(column: Sql): Sql {
  const value = sql`toFloat64OrNull(toString(${column}))`;
  return sql`if(isFinite(${value}), ${value}, NULL)`;
}
