import type { VisitorScope } from './scope.ts';

/** What a client needs of the place where it runs. */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`; the process waits for that only if `keepsAlive`. The answer cancels it. */
  setTimeout(run: () => void, delayMs: number, keepsAlive: boolean): () => void;
  /** A number of `[0, 1)`. */
  random(): number;
  /** Fills bytes at random, good enough that ids never meet. */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
  /** The length of a text in UTF-8. */
  byteLength(text: string): number;
  /** Compresses a body; rejects where the runtime cannot. */
  gzip(text: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Whom the running request is of, where the platform can tell. */
  scope(): VisitorScope | undefined;
  /** Tells whoever runs the host that code of its own threw. */
  warn(error: unknown): void;
  /** Reads a response that does not end; missing where nothing runs between requests. */
  listen?: Listen;
  /** The name of the build, for `context.library`. */
  library: string;
}

/** Reads a response piece by piece. `onEnd` follows once it ends or fails; the answer hangs up. */
export type Listen = (
  url: string,
  headers: { [name: string]: string },
  handlers: { onText(text: string): void; onEnd(): void },
) => () => void;
