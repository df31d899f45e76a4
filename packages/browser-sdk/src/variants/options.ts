import type { Json } from '@millrace/core';
import type { CompareByRule } from '@millrace/core/evaluation';
import type { Bootstrap } from '@millrace/core/variants';
import type { AnalyticsOptions } from '../options.ts';

/** How a client with variants is made. */
export interface VariantOptions extends AnalyticsOptions {
  /** What the server put into the page: with it the first call is answered, and with what the server has shown. */
  bootstrap?: Bootstrap | undefined;
  /** Whose definitions count. @default 'production' */
  environment?: string | undefined;
  /** What is known of the visitor, for targeting. Texts and numbers also serve as ids of types of the site's own. */
  attributes?: { [name: string]: unknown } | undefined;
  /** Variants by experiment and values by flag, for trying out: never an exposure. The address overrides them. */
  overrides?: { [key: string]: Json } | undefined;
  /** `rules` of `/rules`: patterns, versions and times are compared in the page. @default the collector is asked */
  rules?: CompareByRule | undefined;
  /** `push` of `/push`: the collector tells the page of changes while it is seen. @default the page asks at times */
  push?: ((url: string, onVersion: (version: number) => void) => void) | undefined;
}
