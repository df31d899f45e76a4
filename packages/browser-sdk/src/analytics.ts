import type { LossCounts } from '@millrace/core';
import type { AnalyticsHooks } from './hooks.ts';

/**
 * A client. Apart from its construction nothing here throws: a call with wrong arguments makes no event, and is
 * counted as a loss. Properties and traits are copied at the call.
 */
export interface Analytics {
  /** Something happened. */
  track(event: string, properties?: object): void;
  /** The visitor is this user from now on, in all tabs, until `reset`. */
  identify(userId: string | number, traits?: object): void;
  /** More about the visitor, whoever it is. */
  identify(traits: object): void;
  /** A page is seen; its address and title are added. */
  page(name?: string, properties?: object): void;
  page(properties: object): void;
  page(category: string, name: string, properties?: object): void;
  /** The visitor belongs to this group from now on. */
  group(groupId: string | number, traits?: object): void;
  /** `userId` and `previousId` are the same person. @default previousId: the current user, or the anonymous id */
  alias(userId: string | number, previousId?: string | number): void;
  /** Forgets the visitor, as after a log-out: a new anonymous id, a new session. Pending events stay. */
  reset(): void;
  /** Sends what waits; true when the collector has everything. Never rejects. */
  flush(): Promise<boolean>;
  /** Listens to the client's delivery; the returned function ends it. */
  on<Name extends keyof AnalyticsHooks>(
    name: Name,
    listener: (news: AnalyticsHooks[Name]) => void,
  ): () => void;
  /** How many events this client has given up since it was made, by reason. */
  losses(): LossCounts;
}
