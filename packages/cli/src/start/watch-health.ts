import { setTimeout as delay } from 'node:timers/promises';

/** How a service shows that it is not merely there. */
export interface Health<S> {
  /** Resolves when the service has answered, whatever it said; rejects where it did not, or when `signal` aborts. */
  probe: (service: S, signal: AbortSignal) => Promise<unknown>;
  /** Ends the process the hard way; one that hangs takes no other. */
  kill: (service: S) => void;
  /** Between an answer and the next probe. @default 3000 */
  intervalMs?: number;
  /** How long one probe may take. @default 5000 */
  deadlineMs?: number;
  /** A service that has given no answer for this long hangs. @default 15000 */
  limitMs?: number;
}

/** A machine that was asleep lets one probe fail, however long it slept. */
const LEAST_FAILURES = 3;
const RETRY_MS = 1_000;

/** Resolves with true when the service has not answered for `limitMs`, and with false when `signal` aborts. */
export async function untilSilent<S>(service: S, health: Health<S>, signal: AbortSignal): Promise<boolean> {
  const { probe, intervalMs = 3_000, deadlineMs = 5_000, limitMs = 15_000 } = health;
  let failures = 0;
  let silentSince = 0;
  while (!signal.aborted) {
    const askedAt = performance.now();
    const answered = await answersWithin(deadlineMs, signal, (ending) => probe(service, ending));
    if (signal.aborted) return false;
    if (answered) failures = 0;
    else {
      if (failures === 0) silentSince = askedAt;
      failures += 1;
      if (failures >= LEAST_FAILURES && performance.now() - silentSince >= limitMs) return true;
    }
    const pauseMs = answered ? intervalMs : Math.min(intervalMs, RETRY_MS);
    await delay(pauseMs, undefined, { signal }).catch(() => {});
  }
  return false;
}

/** With a timer of its own: Node 20 may collect a signal of `AbortSignal.any` or `timeout` before it aborts. */
async function answersWithin(
  deadlineMs: number,
  signal: AbortSignal,
  probe: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, deadlineMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    const late = new Promise<false>((resolve) => {
      ending.signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    return await Promise.race([probe(ending.signal).then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
