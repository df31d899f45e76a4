import type { Json } from '@millrace/core';
import type { EventOptions } from './analytics.ts';

/** Whom a request is of, and what variants and flags go by. */
export interface VisitorScope extends EventOptions {
  /** What rules ask about: plan, country. Texts and numbers serve as units of the site's own as well. */
  attributes?: { [name: string]: unknown } | undefined;
  /** Variants by experiment and values by flag that are set by hand; never an exposure. */
  overrides?: { [key: string]: Json } | undefined;
  /** Where the visitor's sticky assignments are, as in a cookie; above the client's own. */
  sticky?: StickyStore | undefined;
  /** False: what is used is not recorded, as for a page that is fetched ahead. @default true, but not for bots */
  exposures?: boolean | undefined;
}

/** Keeps what units were first given, as texts that the SDK writes. Both may throw: then nothing is kept. */
export interface StickyStore {
  /** What was set for a unit last. */
  get(unit: string): string | undefined;
  /** At most 2,000 bytes, which a cookie can hold. */
  set(unit: string, text: string): void;
}
