import { retryAfterMs } from './backoff.ts';
import type { Verdict } from './event.ts';
import type { TransportAnswer } from './ports.ts';

/** What an answer to a batch means for its events. */
export type Outcome =
  /** Taken: all of them, or by verdict; an id without a verdict is to be sent again. */
  | { kind: 'accepted'; verdicts?: Verdict[] }
  /** To be sent again, not before `afterMs` where the collector said so. */
  | { kind: 'retry'; afterMs?: number | undefined }
  /** Too large, or malformed, as a whole: to be sent in smaller parts; an event alone is given up. */
  | { kind: 'split'; loss: 'too_large' | 'refused' }
  /** Nothing will be taken from this client for now: no retry, and nothing is given up. */
  | { kind: 'stop'; status: number };

/**
 * What an answer means. No answer, 408, 425, 429 and 5xx are retried; 413 and 400 are split; every other error,
 * 401, 402 and 403 above all, stops. A 2xx counts only with `"success": true`, so that the page of a captive portal
 * confirms nothing.
 */
export function readOutcome({ status, body, retryAfter }: TransportAnswer, now: number): Outcome {
  if (status >= 200 && status < 300) return readAcceptance(body) ?? { kind: 'retry' };
  if (status === 413) return { kind: 'split', loss: 'too_large' };
  if (status === 400) return { kind: 'split', loss: 'refused' };
  if (status >= 500 || [0, 408, 425, 429].includes(status)) {
    return { kind: 'retry', afterMs: retryAfterMs(retryAfter, now) };
  }
  return { kind: 'stop', status };
}

function readAcceptance(body: unknown): Outcome | undefined {
  const { success, verdicts } = (body ?? {}) as { success?: unknown; verdicts?: unknown };
  if (success !== true) return undefined;
  if (!Array.isArray(verdicts)) return { kind: 'accepted' };
  return { kind: 'accepted', verdicts: verdicts.filter((verdict) => typeof verdict?.messageId === 'string') };
}
