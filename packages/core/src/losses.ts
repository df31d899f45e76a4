/** Why an event was given up. */
export type LossReason =
  /** The call was wrong: no event name, no user id. */
  | 'invalid'
  /** It could not be written as JSON: a cycle, a BigInt, a getter that threw. */
  | 'unserializable'
  /** It is greater than an event may be, or the collector would not take it alone (413). */
  | 'too_large'
  /** The queue was at its bound. */
  | 'queue_full'
  /** It waited longer than the collector can still recognise a repetition. */
  | 'expired'
  /** The collector's verdict: it keeps the event in `rejected_events`. */
  | 'rejected'
  /** It came after the client was closed. */
  | 'closed';

/** How many events were given up, by reason; a reason without a loss is missing. */
export type LossCounts = { [reason in LossReason]?: number };

/** Counts of losses. */
export interface Losses {
  add(reason: LossReason, count: number): void;
  /** A copy of the counts since the beginning. */
  counts(): LossCounts;
}

/** Counts of losses, all at zero. */
export function createLosses(): Losses {
  const counts: LossCounts = {};
  return {
    add(reason, count) {
      if (count > 0) counts[reason] = (counts[reason] ?? 0) + count;
    },
    counts: () => ({ ...counts }),
  };
}
