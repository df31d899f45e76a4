import type { AnyEvents, LossCounts, PropertyArguments } from '@millrace/core';
import type { AnalyticsHooks } from './hooks.ts';
import type { ConsentState } from './options.ts';

/** Who the events of this moment are of. Empty ids are `undefined`. */
export interface AnalyticsIds {
  anonymousId: string;
  userId: string | undefined;
  groupId: string | undefined;
  sessionId: string;
}

/**
 * A client. Apart from its construction nothing here throws: a call with wrong arguments makes no event, and is
 * counted as a loss. Properties and traits are copied at the call. `Events` maps names to properties, `Traits` is
 * what is known of a user; both may be interfaces.
 */
export interface Analytics<Events extends object = AnyEvents, Traits extends object = object> {
  /** Something happened. */
  track<Name extends keyof Events & string>(
    event: Name,
    ...properties: PropertyArguments<Events[Name]>
  ): void;
  /** One of the product's own events, as autocapture makes them. */
  track(event: `$${string}`, properties?: object): void;
  /** The visitor is this user from now on, in all tabs, until `reset`. */
  identify(userId: string | number, traits?: Partial<Traits>): void;
  /** More about the visitor, whoever it is. */
  identify(traits: Partial<Traits>): void;
  /** A page is seen; its address and title are added. */
  page(name?: string, properties?: object): void;
  page(properties: object): void;
  page(category: string, name: string, properties?: object): void;
  /** The visitor belongs to this group from now on. */
  group(groupId: string | number, traits?: object): void;
  /** `userId` and `previousId` are the same person. @default previousId: the current user, or the anonymous id */
  alias(userId: string | number, previousId?: string | number): void;
  /** Forgets the visitor and what was registered, as after a log-out: a new anonymous id, a new session. */
  reset(): void;
  /** Adds these properties to every `track` and `page` from now on, on later pages too, until `reset`. */
  register(properties: object): void;
  /** Ends what `register` began for one property. */
  unregister(name: string): void;
  /**
   * What the visitor decided; kept for later pages. `granted` sends what was held in memory while `pending`,
   * `denied` forgets events and ids, in memory and in storage, and takes no event until it is granted.
   */
  setConsent(state: ConsentState): void;
  /** What holds at this moment. */
  consent(): ConsentState;
  /** Who an event of this moment would be of. */
  ids(): AnalyticsIds;
  /** Sends what waits; true when the collector has everything. Never rejects. */
  flush(): Promise<boolean>;
  /** Listens to the client; the returned function ends it. */
  on<Name extends keyof AnalyticsHooks>(
    name: Name,
    listener: (news: AnalyticsHooks[Name]) => void,
  ): () => void;
  /** How many events this client has given up since it was made, by reason. */
  losses(): LossCounts;
}
