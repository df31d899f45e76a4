import type { AnyEvents } from '@millrace/core';
import type { AnyFlags } from '@millrace/core/variants';
import type { Analytics } from './analytics.ts';
import { createClient } from './client.ts';
import { flushAtExit } from './node/exit.ts';
import { nodePlatform } from './node/node-platform.ts';
import { extendScope, withScope } from './node/request-scope.ts';
import { createSpool } from './node/spool.ts';
import { type AnalyticsOptions, AnalyticsOptionsError } from './options.ts';

export type { AnyEvents } from '@millrace/core';
export type { Definitions } from '@millrace/core/evaluation';
export type { AnyFlags, VariantDetails, Variants } from '@millrace/core/variants';
export type { Analytics, EventOptions, Recorder } from './analytics.ts';
export type { AnalyticsHooks, AnalyticsOptions } from './options.ts';
export type { StickyStore, VisitorScope } from './scope.ts';
export { type CookieStickyOptions, cookieSticky } from './variants/cookie-sticky.ts';
export type { VariantsOptions } from './variants/options.ts';
export type { BootstrapOptions } from './variants/variants-client.ts';
export { AnalyticsOptionsError, extendScope, withScope };

/** How a client for Node is made. */
export interface NodeAnalyticsOptions extends AnalyticsOptions {
  /**
   * Whether what waits is sent when the process ends by itself, by SIGTERM or by SIGINT, and for how long that may
   * hold it up, in milliseconds. @default 5000
   */
  flushAtExit?: number | false;
  /**
   * A folder in which events wait as well, for hosts that may end at any moment: what one process leaves there the
   * next one sends.
   */
  spool?: string;
}

/**
 * A client for a Node server. Events wait in memory, bounded, until the collector has confirmed them. Throws an
 * AnalyticsOptionsError for options that cannot be used; nothing else here throws, blocks, or keeps the process alive.
 */
export function createAnalytics<
  Events extends object = AnyEvents,
  Traits extends object = object,
  Flags extends object = AnyFlags,
>(options: NodeAnalyticsOptions): Analytics<Events, Traits, Flags> {
  const { flushAtExit: exitMs = 5_000, spool } = options ?? {};
  if (exitMs !== false && !(Number.isInteger(exitMs) && exitMs >= 0 && exitMs <= 600_000)) {
    throw new AnalyticsOptionsError('flushAtExit', 'false, or a whole number from 0 to 600000');
  }
  if (spool !== undefined && (typeof spool !== 'string' || spool === '')) {
    throw new AnalyticsOptionsError('spool', 'the path of a folder');
  }
  const client = createClient<Events, Traits, Flags>(
    options,
    nodePlatform,
    spool ? createSpool(spool) : undefined,
  );
  if (exitMs === false) return client;
  const release = flushAtExit(client, exitMs);
  const { close } = client;
  client.close = (given) => {
    release();
    return close(given);
  };
  return client;
}
