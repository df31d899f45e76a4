/** What may be said of one call, as in Segment's `options`; `integrations` is taken and means nothing here. */
export interface SegmentOptions {
  context?: { [field: string]: unknown };
  timestamp?: Date | string;
  anonymousId?: string;
  userId?: string;
  integrations?: object;
  [field: string]: unknown;
}

/** What a call became. */
export interface SegmentContext {
  /** The event as it goes out; undefined where none was made, or where `enrich` lacks `segmentOptions`. */
  event: { [field: string]: unknown } | undefined;
}

export type Callback = (context: SegmentContext) => void;

/** What the facade needs of a client. */
export interface SegmentClient {
  track(event: string, properties?: object): void;
  identify(userId: string | number, traits?: object): void;
  identify(traits: object): void;
  page(...given: never[]): void;
  group(groupId: string | number, traits?: object): void;
  alias(userId: string | number, previousId?: string | number): void;
  reset(): void;
  ids(): { anonymousId?: string | undefined; userId?: string | undefined; groupId?: string | undefined };
}
