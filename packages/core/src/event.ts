/** The event kinds of the Segment wire, which Millrace speaks. */
export type EventType = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';

/** A JSON value, as it travels. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** An object of JSON values: properties, traits, context. */
export type JsonObject = { [key: string]: Json };

/** What an SDK knows of the page, the device and itself; every field may be missing. */
export interface EventContext {
  page?: { path?: string; referrer?: string; search?: string; title?: string; url?: string };
  campaign?: { name?: string; source?: string; medium?: string; term?: string; content?: string };
  referrer?: { url?: string; type?: string; name?: string };
  device?: { type?: string; manufacturer?: string; model?: string };
  library?: { name: string; version: string };
  locale?: string;
  screen?: { width?: number; height?: number; density?: number };
  timezone?: string;
  userAgent?: string;
  [key: string]: unknown;
}

/** One event on the wire. Times are ISO 8601 strings of the client's own clock. */
export interface WireEvent {
  /** Any string of 1 to 128 bytes; ours are UUIDv7, made once and kept across retries. */
  messageId: string;
  type: EventType;
  /** The name, for `track`. */
  event?: string;
  /** The name of a page or screen. */
  name?: string;
  category?: string;
  anonymousId?: string;
  userId?: string;
  groupId?: string;
  /** `alias`: the id that is merged into `userId`. */
  previousId?: string;
  sessionId?: string;
  timestamp: string;
  properties?: JsonObject;
  traits?: JsonObject;
  context?: EventContext;
}

/** A batch on the wire. `sentAt` is stamped at each attempt; `verdicts: 1` asks for one per event; anything but 1, true or nothing is refused. */
export interface WireBatch {
  batch: WireEvent[];
  sentAt: string;
  writeKey?: string;
  verdicts?: 1;
}

/** What became of one event: `retry` and `limited` may be sent again, `rejected` may not. */
export type VerdictStatus = 'ok' | 'rejected' | 'retry' | 'limited';

/** The verdict on one event of a batch, in request order. */
export interface Verdict {
  messageId: string;
  status: VerdictStatus;
  reason?: string;
}

/** The body of a 2xx. */
export interface AcceptedResponse {
  success: true;
  verdicts?: Verdict[];
}

/** The body of everything else; `field` names what was wrong in the request, if one field was. */
export interface ErrorResponse {
  success: false;
  error: { code: string; field?: string; message: string };
}
