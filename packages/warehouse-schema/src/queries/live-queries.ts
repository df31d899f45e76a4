import type { WarehouseClient } from '../client.ts';
import { runQuery } from './run-query.ts';

/** The count of one event name; `last_received_at` is in Unix milliseconds. */
export interface LiveCountRow {
  event: string;
  events: number;
  users: number;
  revenue: number;
  last_received_at: number;
}

/** Counts by event from the rollup, greatest first. */
export function liveCounts(client: WarehouseClient, params: { project_id: number; max_rows: number }) {
  return runQuery<typeof params, LiveCountRow>(client, 'live-counts', params);
}

/** Everything a project has, from the rollup; `last_received_at` is 0 without events. */
export interface TotalsRow {
  events: number;
  users: number;
  revenue: number;
  last_received_at: number;
}

/** The totals of a project. */
export async function totals(client: WarehouseClient, params: { project_id: number }): Promise<TotalsRow> {
  const [row] = await runQuery<typeof params, TotalsRow>(client, 'totals', params);
  return row ?? { events: 0, users: 0, revenue: 0, last_received_at: 0 };
}

/** Events that arrived in one second (Unix seconds). */
export interface SecondRow {
  second: number;
  events: number;
}

/** The last `seconds` seconds, oldest first, without gaps. */
export function eventsPerSecond(client: WarehouseClient, params: { project_id: number; seconds: number }) {
  return runQuery<typeof params, SecondRow>(client, 'events-per-second', params);
}
