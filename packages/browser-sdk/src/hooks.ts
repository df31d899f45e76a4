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
  emit<Name extends keyof AnalyticsHooks>(name: Name, news: AnalyticsHooks[Name]): void;
}

/** An empty list of listeners. What a listener throws is reported to the page as uncaught, and stops nothing here. */
export function createHooks(): HookList {
  const listeners = new Set<[name: string, listener: (news: never) => void]>();
  return {
    on(name, listener) {
      const entry: [string, typeof listener] = [name, listener];
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    emit(name, news) {
      for (const [wanted, listener] of [...listeners]) {
        try {
          if (wanted === name) listener(news as never);
        } catch (error) {
          setTimeout(() => {
            throw error;
          });
        }
      }
    },
  };
}
