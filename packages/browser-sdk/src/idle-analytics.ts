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
    register: nothing,
    unregister: nothing,
    setConsent: nothing,
    consent: () => 'pending',
    ids: () => ({ anonymousId: '', userId: undefined, groupId: undefined, sessionId: '' }),
    flush: async () => true,
    on: () => nothing,
    losses: () => ({}),
  };
}
