import type { AnyEvents, EventContext, LossCounts, PropertyArguments } from '@millrace/core';
import type { AnyFlags, Variants } from '@millrace/core/variants';
import type { AnalyticsHooks } from './options.ts';
import type { VisitorScope } from './scope.ts';
import type { BootstrapOptions } from './variants/variants-client.ts';

/** Whom an event is of, and what is known around it. A number counts as its decimal text. */
export interface EventOptions {
  userId?: string | number | undefined;
  anonymousId?: string | number | undefined;
  groupId?: string | number | undefined;
  sessionId?: string | undefined;
  /** When it happened. @default now */
  timestamp?: Date | string | undefined;
  /** An id of the caller's own, by which a repetition is recognised for 8 days. @default a new UUID */
  messageId?: string | undefined;
  /** Lies over the context of the scope. `ip` and `userAgent` speak for the visitor. */
  context?: EventContext | undefined;
}

/** Records events. A call with wrong arguments makes no event, and is counted as a loss: nothing here throws. */
export interface Recorder<Events extends object = AnyEvents, Traits extends object = object> {
  /** Something happened. With the properties, or `undefined`, may come whom it is of. */
  track<Name extends keyof Events & string>(
    event: Name,
    ...rest: [...PropertyArguments<Events[Name], [properties?: undefined]>, options?: EventOptions]
  ): void;
  /** What is known of a user. */
  identify(userId: string | number, traits?: Partial<Traits>, options?: EventOptions): void;
  /** A page was served. */
  page(name?: string, properties?: object, options?: EventOptions): void;
  /** Whom the event is of belongs to this group. */
  group(groupId: string | number, traits?: object, options?: EventOptions): void;
  /** `userId` and `previousId` are the same person. */
  alias(userId: string | number, previousId: string | number, options?: EventOptions): void;
}

/** A client for a server. Its variants and flags are those of the visitor whose request is being handled. */
export interface Analytics<
  Events extends object = AnyEvents,
  Traits extends object = object,
  Flags extends object = AnyFlags,
> extends Recorder<Events, Traits>,
    Variants<Flags> {
  /** The same client for one visitor: events, variants and flags are of whom `scope` names. */
  for(scope: VisitorScope): Recorder<Events, Traits> & Variants<Flags>;
  /**
   * Whether there are definitions of flags and experiments, at the deadline at the latest. Never rejects.
   * @default timeoutMs: 5000
   */
  variantsReady(options?: { timeoutMs?: number }): Promise<boolean>;
  /**
   * What a page's client needs to give a visitor the same answers from its first call on: JSON that may stand in a
   * `<script>` as it is, for the option `bootstrap` of the browser SDK. Nothing is recorded until the page uses it.
   */
  bootstrapFor(scope?: VisitorScope, options?: BootstrapOptions): string;
  /** Adds these properties to every `track` and `page` from now on. */
  register(properties: object): void;
  /** Ends what `register` began for one property. */
  unregister(name: string): void;
  /** Sends what waits; true when the collector has everything, false at the deadline or when it refuses. Never rejects. */
  flush(options?: { timeoutMs?: number }): Promise<boolean>;
  /** Takes no more events, sends what waits and lets go of everything; as `flush`. @default timeoutMs: 5000 */
  close(options?: { timeoutMs?: number }): Promise<boolean>;
  /** Listens to the client; the returned function ends it. */
  on<Name extends keyof AnalyticsHooks>(
    name: Name,
    listener: (news: AnalyticsHooks[Name]) => void,
  ): () => void;
  /** How many events this client has given up since it was made, by reason. */
  losses(): LossCounts;
  /** How many events wait or are under way. */
  readonly pending: number;
}
