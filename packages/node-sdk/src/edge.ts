import type { AnyEvents } from '@millrace/core';
import type { AnyFlags } from '@millrace/core/variants';
import type { Analytics } from './analytics.ts';
import { createClient } from './client.ts';
import type { AnalyticsOptions } from './options.ts';
import type { Platform } from './platform.ts';

export type { AnyEvents } from '@millrace/core';
export type { Definitions } from '@millrace/core/evaluation';
export type { AnyFlags, VariantDetails, Variants } from '@millrace/core/variants';
export type { Analytics, EventOptions, Recorder } from './analytics.ts';
export { type AnalyticsHooks, type AnalyticsOptions, AnalyticsOptionsError } from './options.ts';
export type { StickyStore, VisitorScope } from './scope.ts';
export { type CookieStickyOptions, cookieSticky } from './variants/cookie-sticky.ts';
export type { VariantsOptions } from './variants/options.ts';
export type { BootstrapOptions } from './variants/variants-client.ts';

const encoder = new TextEncoder();

/** Web standards alone: workerd, Deno, edge functions, browsers' workers. Nothing happens when the module is loaded. */
const edgePlatform: Platform = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  fill: (bytes) => void crypto.getRandomValues(bytes),
  byteLength: (text) => encoder.encode(text).length,
  async gzip(text) {
    const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
    return new Uint8Array(await new Response(compressed).arrayBuffer());
  },
  scope: () => undefined,
  warn: () => undefined,
  library: '@millrace/node-sdk/edge',
};

/**
 * A client for an edge runtime. Pass `waitUntil` of the request, so that the runtime lives until the events are
 * delivered. Throws an AnalyticsOptionsError for options that cannot be used; nothing else here throws.
 */
export function createAnalytics<
  Events extends object = AnyEvents,
  Traits extends object = object,
  Flags extends object = AnyFlags,
>(options: AnalyticsOptions): Analytics<Events, Traits, Flags> {
  return createClient<Events, Traits, Flags>(options, edgePlatform);
}
