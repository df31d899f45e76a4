import type { EventCount, LiveEvent, LiveTotals, SecondCount } from './live-message.ts';

/** What the live page asks of the warehouse; each call is one query as the reader. */
export interface LiveWarehouse {
  /** Events received in each of the last `seconds` seconds. */
  eventsPerSecond(seconds: number): Promise<SecondCount[]>;
  totals(): Promise<LiveTotals>;
  /** Counts by event, greatest first. */
  countsByEvent(limit: number): Promise<EventCount[]>;
  /** The events received last, newest first. */
  recentEvents(limit: number): Promise<LiveEvent[]>;
}
