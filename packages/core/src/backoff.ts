import type { Random } from './ports.ts';

/** How fast retries spread out. */
export interface BackoffOptions {
  /** The ceiling of the first delay. @default 1000 */
  baseMs?: number;
  /** The ceiling of every delay. @default 300000, five minutes */
  capMs?: number;
}

/**
 * The delay before retry number `attempt` (0 is the first), with full jitter: anywhere between nothing and the
 * exponential ceiling, so that clients which failed together do not come back together.
 */
export function backoffDelay(attempt: number, random: Random, options: BackoffOptions = {}): number {
  const { baseMs = 1000, capMs = 300_000 } = options;
  return Math.floor(random.next() * Math.min(capMs, baseMs * 2 ** attempt));
}

/**
 * A Retry-After header, in seconds or as an HTTP date, as milliseconds from `now`; never negative, and undefined
 * where the header is missing or means nothing.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes far more than HTTP dates ("-5" is a year to V8), and these begin with a weekday.
  const date = /^[A-Z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
