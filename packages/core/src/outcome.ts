import { retryAfterMs } from './backoff.ts';
import type { Verdict } from './event.ts';
import type { TransportAnswer } from './ports.ts';

/** What an answer to a batch means for its events. */
export type Outcome =
  /** Taken: all of them, or by verdict; an id without a verdict is to be sent again. */
  | { kind: 'accepted'; verdicts?: Verdict[] | undefined }
  /** To be sent again, not before `afterMs` are over. */
  | { kind: 'retry'; afterMs: number }
  /** Too large as a whole: to be sent in smaller parts; an event alone is given up. */
  | { kind: 'split' }
  /** Nothing will be taken from this client for now: no retry, and nothing is given up. */
  | { kind: 'stop'; status: number };

/**
 * What an answer means. No answer, 408, 425, 429 and 5xx are retried; 413 is split; every other error, 400, 401, 402
 * and 403 above all, stops. A 2xx counts only with `"success": true`, so that the page of a captive portal
 * confirms nothing.
 */
export function readOutcome({ status, body, retryAfter }: TransportAnswer, now: number): Outcome {
  const { success, verdicts } = (body ?? {}) as { success?: unknown; verdicts?: Verdict[] };
  const isFine = status >= 200 && status < 300;
  if (isFine && success === true) {
    // Anything but an array has no filter.
    return { kind: 'accepted', verdicts: verdicts?.filter?.(Boolean) };
  }
  if (status === 413) return { kind: 'split' };
  if (isFine || status >= 500 || [0, 408, 425, 429].includes(status)) {
    return { kind: 'retry', afterMs: retryAfterMs(retryAfter, now) };
  }
  return { kind: 'stop', status };
}
