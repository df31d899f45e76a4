import { type LiveMessage, STREAM_EVENTS } from './live-message.ts';

/** One listener's side of the live stream. */
export interface Subscription {
  /**
   * The next message, or undefined once closed. What arrives while the listener is busy is merged into one
   * message: the latest figures with all events since the last one, at most 50.
   */
  next(): Promise<LiveMessage | undefined>;
  close(): void;
}

/** The poller's side of a subscription. */
export interface SubscriptionInbox {
  push(message: LiveMessage): void;
  close(): void;
}

/** Creates both sides; `onClose` runs once. */
export function createSubscription(onClose: () => void): {
  subscription: Subscription;
  inbox: SubscriptionInbox;
} {
  let pending: LiveMessage | undefined;
  let closed = false;
  let wake: (() => void) | undefined;

  function close() {
    if (closed) return;
    closed = true;
    onClose();
    wake?.();
  }
  return {
    subscription: {
      async next() {
        while (!pending && !closed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (closed) return undefined;
        const message = pending;
        pending = undefined;
        return message;
      },
      close,
    },
    inbox: {
      push(message) {
        pending = pending ? merge(pending, message) : message;
        wake?.();
      },
      close,
    },
  };
}

function merge(earlier: LiveMessage, later: LiveMessage): LiveMessage {
  const { trouble: _, ...kept } = earlier;
  return { ...kept, ...later, events: [...later.events, ...earlier.events].slice(0, STREAM_EVENTS) };
}
