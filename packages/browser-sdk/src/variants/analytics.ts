import type { AnyEvents, Json } from '@millrace/core';
import type { AnyFlags, Bootstrap, Variants } from '@millrace/core/variants';
import type { Analytics } from '../analytics.ts';
import type { AnalyticsHooks } from '../hooks.ts';

/** What a client with variants tells about. */
export interface VariantHooks extends AnalyticsHooks {
  /** Answers may have changed: by new definitions, or because the visitor has. */
  definitions: { version: number };
}

/** A client with variants. */
export interface VariantAnalytics<
  Events extends object = AnyEvents,
  Traits extends object = object,
  Flags extends object = AnyFlags,
> extends Analytics<Events, Traits>,
    Variants<Flags> {
  /** Resolves once there are answers, at once with a bootstrap or a document of an earlier page. Never rejects. */
  variantsReady(): Promise<void>;
  /** Adds to what is known of the visitor, for as long as the page lives. */
  setAttributes(attributes: { [name: string]: unknown }): void;
  /** Puts other overrides in the place of those that hold. */
  setOverrides(overrides: { [key: string]: Json }): void;
  /** What a page that was made with this bootstrap shows; never an exposure. @default bootstrap: the client's own */
  variantsOf(bootstrap?: Bootstrap): Variants<Flags>;
  on<Name extends keyof VariantHooks>(name: Name, listener: (news: VariantHooks[Name]) => void): () => void;
}
