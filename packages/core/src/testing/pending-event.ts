import type { PendingEvent } from '../ports.ts';
import { utf8ByteLength } from '../utf8.ts';

/** A pending event whose JSON is at least `size` bytes long. */
export function createPendingEvent(messageId: string, size = 0, createdAt = 0): PendingEvent {
  const json = JSON.stringify({ messageId, filler: 'x'.repeat(Math.max(0, size - messageId.length - 29)) });
  return { messageId, createdAt, json, bytes: utf8ByteLength(json) };
}
