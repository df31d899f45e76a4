/**
 * Rows as they travel through the log into ClickHouse, as JSONEachRow. The column names are the
 * contract between the collector, which writes them, and `migrations/0001_events.sql`. A field that
 * is empty is left out: the table's default fills it. Times are Unix milliseconds.
 */
export interface EventRow {
  project_id: number;
  message_id: string;
  type: string;
  event: string;
  timestamp: number;
  original_timestamp?: number;
  sent_at?: number;
  received_at: number;
  anonymous_id?: string;
  user_id?: string;
  group_id?: string;
  previous_id?: string;
  session_id?: string;
  /** The name and category of a page or screen. */
  name?: string;
  category?: string;
  url?: string;
  hostname?: string;
  path?: string;
  search?: string;
  title?: string;
  referrer?: string;
  referrer_domain?: string;
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
  channel?: string;
  browser?: string;
  browser_version?: string;
  os?: string;
  os_version?: string;
  /** `desktop`, `mobile`, `tablet`, `smarttv`, `console`, `wearable`, `bot` or empty. */
  device_type?: string;
  device_vendor?: string;
  device_model?: string;
  user_agent?: string;
  screen_width?: number;
  screen_height?: number;
  locale?: string;
  timezone?: string;
  /** Truncated before the first write: /24 of IPv4, /48 of IPv6. */
  ip?: string;
  country?: string;
  region?: string;
  city?: string;
  library?: string;
  library_version?: string;
  revenue?: number;
  currency?: string;
  is_bot?: boolean;
  bot_reasons?: string[];
  clock_clamped?: boolean;
  /** Older than the dedupe horizon when it arrived; set by the loader's splice or the collector. */
  late?: boolean;
  /** Written at insert, used by TTL. */
  retention_days: number;
  content_hash: number;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  /** What no column takes. */
  context?: Record<string, unknown>;
}

/** Where a row stands in the log; the loader adds it to every row of `events` and `rejected_events`. */
export interface RowPosition {
  log_id: string;
  log_offset: number;
  /** The event's number within its record, from 0; rejected rows count on after the accepted ones. */
  log_index: number;
}

/** Why an event was refused; the typed reasons of `rejected_events`. */
export type RejectReason =
  | 'invalid_event'
  | 'event_too_large'
  | 'too_deep'
  | 'timestamp_out_of_range'
  | 'duplicate_id'
  | 'not_insertable';

/** One refused event with the payload as it came, so that it can be replayed. */
export interface RejectedRow {
  project_id: number;
  message_id: string;
  reason: RejectReason;
  /** The field at fault, as a path. */
  field?: string;
  /** What was expected, in words. */
  detail: string;
  received_at: number;
  payload: string;
  retention_days: number;
  /** Tells the row, sent again, from another one like it; empty where the log cannot hold it twice. */
  rejection_id?: string;
}
