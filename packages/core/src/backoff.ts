/**
 * The delay before retry number `attempt` (0 is the first), with full jitter: anywhere between nothing and the
 * exponential ceiling, so that clients which failed together do not come back together. `random` gives numbers of
 * `[0, 1)`; the ceiling of the first delay is `baseMs`, that of every delay `capMs` (five minutes).
 */
export function backoffDelay(attempt: number, random: () => number, capMs = 300_000, baseMs = 1000): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** attempt));
}

/**
 * A Retry-After header, in seconds or as an HTTP date, as milliseconds from `now`; 0 where the header is missing,
 * means nothing or is over.
 */
export function retryAfterMs(header: string | null | undefined, now: number): number {
  return Math.max(0, Number(header) * 1000 || Date.parse(header as string) - now) || 0;
}
