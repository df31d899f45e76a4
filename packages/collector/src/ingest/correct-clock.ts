import { DEDUPE_HORIZON_MS } from '@millrace/core';

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_2010 = Date.UTC(2010, 0, 1);

/** What the server makes of a client's times; all in Unix milliseconds. */
export interface CorrectedClock {
  /** When it happened, by the server's clock. */
  timestamp: number;
  /** When the event was made, by the server's clock; null where that cannot be known. */
  madeAt: number | null;
  /** The client's time lay more than 24 h ahead and was set to `receivedAt`. */
  clamped: boolean;
  /** Made longer ago than a repeated id is recognised. */
  late: boolean;
  /** Before 2010, or older than the project keeps events: such an event is refused. */
  outOfRange: boolean;
}

/**
 * Corrects a client's clock: `timestamp = receivedAt - (sentAt - originalTimestamp)`. Both were read
 * from one clock, so its error cancels out. Without `sentAt` nothing is corrected.
 */
export function correctClock(
  receivedAt: number,
  originalTimestamp: number | undefined,
  sentAt: number | undefined,
  retentionDays: number,
): CorrectedClock {
  if (originalTimestamp === undefined) {
    return { timestamp: receivedAt, madeAt: null, clamped: false, late: false, outOfRange: false };
  }
  const corrected = sentAt === undefined ? originalTimestamp : receivedAt - (sentAt - originalTimestamp);
  // An event cannot be made after it was sent: its clock was set in between, or the time is not when
  // it was made. Either way the loader must look its id up rather than trust its age.
  const madeAt = sentAt === undefined || corrected > receivedAt ? null : corrected;
  const clamped = corrected > receivedAt + DAY_MS;
  return {
    timestamp: clamped ? receivedAt : corrected,
    madeAt,
    clamped,
    late: corrected < receivedAt - DEDUPE_HORIZON_MS,
    outOfRange: corrected < YEAR_2010 || corrected < receivedAt - retentionDays * DAY_MS,
  };
}
