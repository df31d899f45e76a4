import type { LiveMessage } from './live-message.ts';
import type { LiveWarehouse } from './live-warehouse.ts';
import { createFiguresReader, type Reading } from './read-figures.ts';
import { createSubscription, type Subscription, type SubscriptionInbox } from './subscription.ts';

export interface LivePollerOptions {
  warehouse: LiveWarehouse;
  /** From the end of one reading to the start of the next. @default 250 */
  intervalMs?: number;
  /** Unix milliseconds. @default Date.now */
  clock?: () => number;
  /** Waits between readings; ends early when the signal aborts. @default a timer */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Reads the warehouse for all who listen. */
export interface LivePoller {
  /** Joins; the first message comes at once if there is a reading, else with the next one. */
  subscribe(): Subscription;
  /** Ends all subscriptions and the reading. */
  close(): void;
}

const TROUBLE_WAIT_MS = 1000;
const SLOW_MS = 3000;

/**
 * Creates the poller that all listeners share: it reads while someone listens, one reading at a time, and
 * stops with the last one. A warehouse that does not answer, or takes longer than 3 s,
 * becomes a message, and is asked again.
 */
export function createLivePoller(options: LivePollerOptions): LivePoller {
  const { warehouse, intervalMs = 250, clock = Date.now, wait = waitFor } = options;
  const inboxes = new Set<SubscriptionInbox>();
  let running: AbortController | undefined;
  let last: Reading | undefined;

  function tell(message: LiveMessage) {
    for (const inbox of inboxes) inbox.push(message);
  }

  async function run(signal: AbortSignal) {
    const read = createFiguresReader(warehouse, clock);
    while (!signal.aborted) {
      let pauseMs = intervalMs;
      const slow = setInterval(() => {
        tell({ events: [], trouble: 'The warehouse takes long to answer.' });
      }, SLOW_MS);
      try {
        const reading = await read();
        if (signal.aborted) return;
        const events = last ? reading.fresh : reading.recent;
        last = reading;
        tell({ figures: reading.figures, events });
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = Math.max(intervalMs, TROUBLE_WAIT_MS);
        tell({ events: [], trouble: `The warehouse does not answer: ${messageOf(error)}` });
      } finally {
        clearInterval(slow);
      }
      await wait(pauseMs, signal);
    }
  }

  function stop() {
    running?.abort();
    running = undefined;
    last = undefined;
  }

  return {
    subscribe() {
      const { subscription, inbox } = createSubscription(() => {
        inboxes.delete(inbox);
        if (inboxes.size === 0) stop();
      });
      inboxes.add(inbox);
      if (last) inbox.push({ figures: last.figures, events: last.recent });
      if (!running) {
        running = new AbortController();
        void run(running.signal);
      }
      return subscription;
    },
    close() {
      for (const inbox of [...inboxes]) inbox.close();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
