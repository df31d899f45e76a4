import type { PendingEvent } from './ports.ts';

/** The bounds of a queue; both hold at all times. */
export interface QueueOptions {
  maxCount: number;
  maxBytes: number;
}

/** Pending events in the order in which they came. */
export interface EventQueue extends Iterable<PendingEvent> {
  /** How many events wait. */
  readonly size: number;
  /** Their JSON in UTF-8 bytes. */
  readonly bytes: number;
  /** Takes the event, or refuses it where a bound would be passed. An id that waits already counts as taken. */
  add(event: PendingEvent): boolean;
  /** Takes an event out; false where it was not there. */
  remove(messageId: string): boolean;
}

/**
 * A queue bounded by count and bytes. When it is full it refuses what is new: an event that was taken is never
 * displaced, may be on its way already, and stays until it is removed.
 */
export function createQueue({ maxCount, maxBytes }: QueueOptions): EventQueue {
  const events = new Map<string, PendingEvent>();
  let bytes = 0;

  return {
    get size() {
      return events.size;
    },
    get bytes() {
      return bytes;
    },
    add(event) {
      if (events.has(event.messageId)) return true;
      if (events.size >= maxCount || bytes + event.bytes > maxBytes) return false;
      events.set(event.messageId, event);
      bytes += event.bytes;
      return true;
    },
    remove(messageId) {
      bytes -= events.get(messageId)?.bytes ?? 0;
      return events.delete(messageId);
    },
    [Symbol.iterator]: () => events.values(),
  };
}
