/** Wall clock and timers. A test passes a fake one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  setTimeout(run: () => void, delayMs: number): () => void;
}

/** Where randomness comes from. A test passes a seeded one. */
export interface Random {
  /** A number of `[0, 1)`, good enough to spread retries. */
  next(): number;
  /** Fills `bytes` with random bytes, good enough that ids never meet. */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
}

/** An event that waits for delivery: its JSON is made once, so that every attempt sends the same bytes. */
export interface PendingEvent {
  messageId: string;
  /** When the event was made, in milliseconds since 1970. */
  createdAt: number;
  /** The event as it stands in a batch. */
  json: string;
  /** The length of `json` in UTF-8 bytes. */
  bytes: number;
}

/** Keeps pending events over restarts. Every method rejects where the platform's storage does. */
export interface EventStore {
  /** Every event that is kept, the oldest first. */
  load(): Promise<PendingEvent[]>;
  save(events: readonly PendingEvent[]): Promise<void>;
  remove(messageIds: readonly string[]): Promise<void>;
}

/** What an attempt brought: `status` 0 means that no answer came. */
export interface TransportAnswer {
  status: number;
  /** The Retry-After header as it was sent. */
  retryAfter?: string | undefined;
  /** The parsed body, or undefined where it was not JSON. */
  body?: unknown;
}
