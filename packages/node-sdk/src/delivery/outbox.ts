/** An event that waits for delivery: its JSON is made once, so that every attempt sends the same bytes. */
export interface PendingEvent {
  messageId: string;
  json: string;
  /** The length of `json` in UTF-8 bytes. */
  bytes: number;
  /** When it was recorded, on the clock that never goes back. */
  since: number;
}

/** The bounds of one batch. */
export interface BatchBounds {
  maxCount: number;
  maxBytes: number;
}

/**
 * What waits, in order. Bounded by count and bytes; what is under way counts until it is settled. When it is full it
 * refuses what is new: an event that was taken is never displaced.
 */
export interface Outbox {
  /** How many events wait or are under way. */
  readonly size: number;
  /** How many of them wait. */
  readonly waiting: number;
  /** Their bytes. */
  readonly waitingBytes: number;
  /** When the oldest that waits was recorded. */
  readonly oldest: number | undefined;
  add(event: PendingEvent): boolean;
  /** The next batch, which is under way from now on. At least one event, where one waits. */
  take(bounds: BatchBounds): PendingEvent[];
  /** They go back to the front, to be sent again. */
  putBack(events: PendingEvent[]): void;
  /** Their fate is known. */
  settle(events: PendingEvent[]): void;
}

/** An empty outbox. */
export function createOutbox({ maxCount, maxBytes }: BatchBounds): Outbox {
  let returned: PendingEvent[] = [];
  // A queue with a moving head: shifting an array of 100,000 for each batch would stall the event loop.
  let queue: PendingEvent[] = [];
  let head = 0;
  let size = 0;
  let bytes = 0;
  let waitingBytes = 0;

  const shift = (): void => {
    if (returned.length > 0) returned.pop();
    else if (++head > 10_000 && head * 2 > queue.length) {
      queue = queue.slice(head);
      head = 0;
    }
  };
  const peek = (): PendingEvent | undefined => returned.at(-1) ?? queue[head];

  return {
    get size() {
      return size;
    },
    get waiting() {
      return returned.length + queue.length - head;
    },
    get waitingBytes() {
      return waitingBytes;
    },
    get oldest() {
      return peek()?.since;
    },
    add(event) {
      if (size >= maxCount || bytes + event.bytes > maxBytes) return false;
      queue.push(event);
      size++;
      bytes += event.bytes;
      waitingBytes += event.bytes;
      return true;
    },
    take(bounds) {
      const batch: PendingEvent[] = [];
      let room = bounds.maxBytes;
      for (let event = peek(); event && batch.length < bounds.maxCount; event = peek()) {
        if (batch.length > 0 && event.bytes + 1 > room) break;
        batch.push(event);
        room -= event.bytes + 1;
        waitingBytes -= event.bytes;
        shift();
      }
      return batch;
    },
    putBack(events) {
      returned = returned.concat([...events].reverse());
      for (const event of events) waitingBytes += event.bytes;
    },
    settle(events) {
      size -= events.length;
      for (const event of events) bytes -= event.bytes;
    },
  };
}
