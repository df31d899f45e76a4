import type { EventContext, WireEvent } from '@millrace/core';
import { expectThat, readText } from './arguments.ts';
import type { AnalyticsHooks } from './hooks.ts';

/** What a visitor decided about being measured. */
export type ConsentState = 'pending' | 'granted' | 'denied';

/** An event before it is sent, as `enrich` and `beforeSend` see it. */
export interface AnalyticsEvent extends WireEvent {
  context: EventContext;
}

/** How an analytics client is made. */
export interface AnalyticsOptions {
  /** The project's write key. It may be seen by everyone: it allows writing only. */
  writeKey: string;
  /** Where the collector is, as in `https://events.example.com`; a path before `/v1/batch` may follow. */
  host: string;
  /** How long an event may wait for others that travel with it. @default 200 */
  flushIntervalMs?: number;
  /**
   * Where the visitor's decision stands at the start. While `pending`, what an earlier page was told holds, else
   * events wait in memory alone. @default 'granted'
   */
  consent?: ConsentState;
  /** Whether a browser that sends Global Privacy Control is taken as `cookieless`. @default true */
  respectGpc?: boolean;
  /** Whether a browser that sends Do Not Track is taken as `cookieless`. @default false */
  respectDnt?: boolean;
  /** Keeps nothing in the browser: no id, no session and no event outlives the page. @default false */
  cookieless?: boolean;
  /** The domain of the id's cookie. @default the widest that takes a cookie, so that subdomains share visitors */
  cookieDomain?: string;
  /** The anonymous id of a visitor who has none here yet, as when another SDK is replaced. */
  anonymousId?: string | undefined;
  /** The user of a visitor who is new here, as when another SDK is replaced. */
  userId?: string | undefined;
  /** Sees each event last, and may change it; `null` gives it up. What it throws gives it up too, as `invalid`. */
  beforeSend?: (event: AnalyticsEvent) => AnalyticsEvent | null;
  /** Hears of every event that is given up. */
  onDrop?: (news: AnalyticsHooks['dropped']) => void;
  /** Each may add to an event's `context` and `properties`. */
  enrich?: readonly ((event: AnalyticsEvent) => void)[];
}

/** What `createAnalytics` throws for an option that cannot be used; `field` names it. */
export interface AnalyticsOptionsError extends TypeError {
  field: string;
}

/** The options, those that have a default with it. */
export type ReadOptions = AnalyticsOptions & Required<Pick<AnalyticsOptions, 'flushIntervalMs'>>;

/** The options with their defaults, and with `host` without a slash at its end. Throws an AnalyticsOptionsError. */
export function readOptions(options: AnalyticsOptions): ReadOptions {
  const { writeKey, host, flushIntervalMs = 200 } = options ?? {};
  readText('writeKey', writeKey);
  const [, base] = /^(https?:\/\/[^/?#][^?#]*?)\/*$/.exec(host) ?? [];
  expectThat(base, 'host', 'an http(s) URL');
  expectThat(flushIntervalMs >= 0 && flushIntervalMs <= 60_000, 'flushIntervalMs', '0 to 60000');
  return { ...options, host: base, flushIntervalMs };
}
