import type { WarehouseClient } from '../client.ts';
import { queryText, runQuery } from '../queries/run-query.ts';
import { type ActivityState, UNDEDUPLICATED } from './activity-progress.ts';
import { type Ids, numberIds } from './number-ids.ts';

/** The blocks `[from, next)` of a partition, for time zones. */
export interface Blocks {
  partition: string;
  from: number;
  next: number;
  zones: string[];
}

/** Rows that are worked on together: what bounds ClickHouse's memory. A day with more is one piece all the same. */
const SLICE_ROWS = 500_000;
/** The work of others comes first. */
const QUIET = { max_threads: 1, max_bytes_before_external_group_by: 200_000_000, max_execution_time: 0 };

/**
 * Unites the rows of some blocks into the daily bitmaps, ids that are new with new numbers. Whatever is cut off may be
 * done again. Resolves to how many rows there were.
 */
export async function fillActivity(
  client: WarehouseClient,
  state: ActivityState,
  blocks: Blocks,
  beforeSlice: () => Promise<void>,
): Promise<number> {
  const { zones, ...range } = blocks;
  const days = await runQuery<typeof range, { day: string; rows: number }>(client, 'activity/days', range);
  for (const slice of slices(days)) {
    await beforeSlice();
    const params = { ...range, days: slice };
    const slicePart = queryText('activity/slice');
    const inSlice = (name: string) => queryText(`activity/${name}`).replaceAll('{{slice}}', () => slicePart);
    await numberIds(client, state, { sql: inSlice('slice-ids'), params });
    for (const zone of zones) {
      await client.command(inSlice('fill'), {
        params: { ...params, zone },
        settings: { ...UNDEDUPLICATED, ...QUIET },
      });
    }
  }
  return days.reduce((sum, { rows }) => sum + rows, 0);
}

/** Brings the overrides since a version into numbers; 0 means all. */
export async function fillOverrides(
  client: WarehouseClient,
  state: ActivityState,
  since: number,
): Promise<void> {
  const ids: Ids = { sql: queryText('activity/override-ids'), params: { since } };
  await numberIds(client, state, ids);
  const sql = queryText('activity/override').replaceAll('{{ids}}', () => ids.sql);
  await client.command(sql, { params: ids.params, settings: { ...UNDEDUPLICATED, ...QUIET } });
}

function slices(days: readonly { day: string; rows: number }[]): string[][] {
  const found: string[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const one of days) {
    if (rows + one.rows > SLICE_ROWS) {
      found.push([]);
      rows = 0;
    }
    found.at(-1)?.push(one.day);
    rows += one.rows;
  }
  return found;
}
