import { retryAfterMs } from './backoff.ts';
import type { Verdict } from './event.ts';
import type { TransportAnswer } from './ports.ts';

/** What an answer to a batch means for its events. */
export type Outcome =
  /** Taken. Without verdicts, all of them; an id without a verdict is to be sent again. */
  | { kind: 'accepted'; verdicts: Verdict[] | undefined }
  /** To be sent again, not before `afterMs` where the collector said so. */
  | { kind: 'retry'; afterMs: number | undefined }
  /** Too large, or malformed, as a whole: to be sent in smaller parts; an event alone is given up. */
  | { kind: 'split'; loss: 'too_large' | 'refused' }
  /** Nothing will be taken from this client for now: no retry, and nothing is given up. */
  | { kind: 'stop'; status: number };

/**
 * What an answer means. No answer, 408, 425, 429 and 5xx are retried; 413 and 400 are split; every other error,
 * 401, 402 and 403 above all, stops. A 2xx counts only with `"success": true`, so that the page of a captive portal
 * confirms nothing.
 */
export function readOutcome(answer: TransportAnswer, now: number): Outcome {
  const { status, body } = answer;
  if (status >= 200 && status < 300) {
    return isAccepted(body)
      ? { kind: 'accepted', verdicts: body.verdicts }
      : { kind: 'retry', afterMs: undefined };
  }
  if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: 'retry', afterMs: retryAfterMs(answer.retryAfter, now) };
  }
  if (status === 413) return { kind: 'split', loss: 'too_large' };
  if (status === 400) return { kind: 'split', loss: 'refused' };
  return { kind: 'stop', status };
}

function isAccepted(body: unknown): body is { success: true; verdicts: Verdict[] | undefined } {
  if (typeof body !== 'object' || body === null) return false;
  const { success, verdicts } = body as { success?: unknown; verdicts?: unknown };
  return success === true && (verdicts === undefined || Array.isArray(verdicts));
}
