import type { WarehouseClient } from '../client.ts';
import { runQuery } from './run-query.ts';

/** An event as the live page shows it. Times are Unix milliseconds. */
export interface RecentEventRow {
  message_id: string;
  type: string;
  event: string;
  timestamp: number;
  received_at: number;
  inserted_at: number;
  anonymous_id: string;
  user_id: string;
  session_id: string;
  name: string;
  url: string;
  path: string;
  title: string;
  referrer_domain: string;
  utm_source: string;
  utm_medium: string;
  utm_campaign: string;
  channel: string;
  browser: string;
  os: string;
  device_type: string;
  country: string;
  ip: string;
  locale: string;
  library: string;
  revenue: number;
  currency: string;
  is_bot: boolean;
  clock_clamped: boolean;
  late: boolean;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
}

/**
 * The events that arrived last, newest first; none that arrived before `since`. A property that is null is left out:
 * the hot paths of the column stand in every row.
 */
export async function recentEvents(
  client: WarehouseClient,
  params: { project_id: number; since: number; max_rows: number },
): Promise<RecentEventRow[]> {
  const rows = await runQuery<typeof params, RecentEventRow>(client, 'recent-events', params);
  return rows.map((row) => ({ ...row, properties: withoutNulls(row.properties) }));
}

function withoutNulls(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
