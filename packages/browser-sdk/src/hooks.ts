import type { LossReason } from '@millrace/core';

/** What a client tells about its delivery. */
export interface AnalyticsHooks {
  /** The collector has these events durably. */
  delivered: { messageIds: string[] };
  /** These events are given up. One that never came to be has no id, and `message` says what was wrong. */
  dropped: { reason: LossReason; count: number; messageIds: string[]; message?: string | undefined };
  /** The collector refuses this client: 401 and 403 the key, 402 the quota. What waits is kept for later pages. */
  stopped: { status: number };
  /** The page is hidden or left. What is tracked now is still sent with what waits. */
  hide: undefined;
}

/** Listeners by hook. */
export interface HookList {
  on<Name extends keyof AnalyticsHooks>(
    name: Name,
    listener: (news: AnalyticsHooks[Name]) => void,
  ): () => void;
  emit<Name extends keyof AnalyticsHooks>(name: Name, news?: AnalyticsHooks[Name]): void;
}

/** An empty list of listeners. What a listener throws is reported to the page as uncaught, and stops nothing here. */
export function createHooks(): HookList {
  const target = new EventTarget();
  return {
    on(name, listener) {
      const hear = (event: Event) => listener((event as CustomEvent).detail);
      target.addEventListener(name, hear);
      return () => target.removeEventListener(name, hear);
    },
    emit: (name, detail) => void target.dispatchEvent(new CustomEvent(name, { detail })),
  };
}
