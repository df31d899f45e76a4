import type { PendingEvent } from './ports.ts';
import { utf8ByteLength } from './utf8.ts';

/** The bounds of one batch. */
export interface BatchLimits {
  maxCount: number;
  /** The greatest size of the whole body, in UTF-8 bytes. */
  maxBytes: number;
}

/** What stands around the events of a batch. */
export interface BatchEnvelope {
  writeKey: string;
  /** When this attempt is made, in milliseconds since 1970. */
  sentAt: number;
}

/** The body of a batch that asks for verdicts. The events' JSON is taken over as it is. */
export function batchBody(events: readonly PendingEvent[], { writeKey, sentAt }: BatchEnvelope): string {
  const sent = new Date(sentAt).toISOString();
  const list = events.map((event) => event.json).join();
  return `{"writeKey":${JSON.stringify(writeKey)},"sentAt":"${sent}","verdicts":1,"batch":[${list}]}`;
}

/** The bytes of a batch's body beside the events and the commas between them. */
export function envelopeBytes(writeKey: string): number {
  return utf8ByteLength(batchBody([], { writeKey, sentAt: 0 }));
}

/**
 * The first events, in order, whose body stays within the limits: up to the first that no longer fits. An event that
 * is too large by itself makes a batch of its own, because only the collector can say that it is.
 */
export function cutBatch(
  events: Iterable<PendingEvent>,
  limits: BatchLimits,
  overheadBytes: number,
): PendingEvent[] {
  const batch: PendingEvent[] = [];
  let bytes = overheadBytes;
  for (const event of events) {
    const withComma = event.bytes + (batch.length > 0 ? 1 : 0);
    if (batch.length > 0 && (batch.length >= limits.maxCount || bytes + withComma > limits.maxBytes)) break;
    batch.push(event);
    bytes += withComma;
  }
  return batch;
}
