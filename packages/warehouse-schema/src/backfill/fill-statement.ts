import type { WarehouseClient } from '../client.ts';
import type { Rollup } from '../rollups/rollups.ts';
import { BackfillError } from './backfill-error.ts';

/** What fills a part of a rollup, and the tables of this server that it is about. */
export interface Fill {
  /** Takes `from` and `to`, Unix milliseconds, half-open, of the time that decides a row's day; and `boundary`. */
  statement: string;
  /** Counts the events of each day, given `boundary`. */
  count: string;
  /** The table that holds the rollup's rows here. */
  target: string;
  /** True where this server is one of several shards. */
  isShard: boolean;
}

/**
 * Fills a rollup with what its own view selects, from events that were inserted up to a boundary: there is no second text
 * that could say something else.
 * @throws BackfillError where the view is missing.
 */
export async function fillOf(client: WarehouseClient, rollup: Rollup, isShard: boolean): Promise<Fill> {
  const suffix = isShard ? '_local' : '';
  const target = `${rollup.name}${suffix}`;
  const views = await client.query<{ create_table_query: string; as_select: string }>(
    `SELECT create_table_query, as_select FROM system.tables
     WHERE database = {database:String} AND engine = 'MaterializedView'`,
    { params: { database: client.database } },
  );
  const writes = new RegExp(` TO (?:\`?[\\w]+\`?\\.)?\`?${target}\`?(?: |$)`);
  const select = views.find(({ create_table_query }) => writes.test(create_table_query))?.as_select;
  const source = new RegExp(`\\bFROM (?:\`?\\w+\`?\\.)?\`?events${suffix}\`?(?![\\w.])`);
  if (!select || !source.test(select)) {
    throw new BackfillError('no_view', `no view over events fills ${rollup.name}: see millrace schema diff`);
  }
  const time = rollup.dayOf;
  const rows = `SELECT * FROM events${suffix}
    WHERE toDate(${time}) = toDate(fromUnixTimestamp64Milli({from:Int64}, 'UTC'))
      AND ${time} >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND ${time} < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      AND inserted_at <= fromUnixTimestamp64Milli({boundary:Int64}, 'UTC')`;
  return {
    statement: `INSERT INTO ${target} ${select.replace(source, `FROM (${rows})`)}`,
    count: `SELECT toString(toDate(${time})) AS day, count() AS rows FROM events${suffix}
      WHERE inserted_at <= fromUnixTimestamp64Milli({boundary:Int64}, 'UTC') GROUP BY day ORDER BY day`,
    target,
    isShard,
  };
}
