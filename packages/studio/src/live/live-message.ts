import type { JsonObject } from '@millrace/core';

/** One event as the live page shows it. Times are Unix milliseconds of the server's clock. */
export interface LiveEvent {
  /** Tells events apart; unique within the stream. */
  id: string;
  event: string;
  type: string;
  timestamp: number;
  receivedAt: number;
  userId: string;
  anonymousId: string;
  sessionId: string;
  path: string;
  properties: JsonObject;
  traits: JsonObject;
  /** Whatever other columns are filled, by column name. */
  columns: JsonObject;
}

/** The count of one event name, from the materialized view. */
export interface EventCount {
  event: string;
  events: number;
  people: number;
}

/** Everything the warehouse has, from the materialized view. */
export interface LiveTotals {
  events: number;
  people: number;
}

/** Events received in one second, which is Unix seconds; a second without events may be missing. */
export interface SecondCount {
  second: number;
  events: number;
}

/** How long it took events to be seen here, in milliseconds, over the last ones. */
export interface Latency {
  p50: number;
  p95: number;
  samples: number;
}

/** The figures at one moment. */
export interface LiveFigures {
  /** Server clock, Unix milliseconds. */
  at: number;
  /** Events received in each of the last 60 seconds; the last one is the second that `at` is in. */
  perSecond: number[];
  totals: LiveTotals;
  counts: EventCount[];
  /** From the moment it was made, by the corrected clock, to the moment it could be read from the view. */
  clickToVisible: Latency | null;
  /** From the moment the server had it. */
  receivedToVisible: Latency | null;
}

/**
 * What the live stream sends. The first message of a connection holds the last events, later ones those
 * that are new; newest first.
 */
export interface LiveMessage {
  events: LiveEvent[];
  figures?: LiveFigures;
  /** Why there are no figures now, in words. */
  trouble?: string;
}

/** Seconds that the chart shows. */
export const CHART_SECONDS = 60;

/** Events that the stream keeps. */
export const STREAM_EVENTS = 50;
