import type { Analytics } from './analytics.ts';

/** A client for where there is no page, as when a server renders: it takes every call and does nothing. */
export function createIdleAnalytics(): Analytics {
  const nothing = (): void => {};
  return {
    track: nothing,
    identify: nothing,
    page: nothing,
    group: nothing,
    alias: nothing,
    reset: nothing,
    flush: async () => true,
    on: () => nothing,
    losses: () => ({}),
  };
}
