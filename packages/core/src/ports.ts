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

/** What an attempt brought: `status` 0 means that no answer came. */
export interface TransportAnswer {
  status: number;
  /** The Retry-After header as it was sent. */
  retryAfter?: string | null | undefined;
  /** The parsed body, or undefined where it was not JSON. */
  body?: unknown;
}
