import { MAX_MESSAGE_ID_BYTES } from '@millrace/core';
import type { RejectReason } from '@millrace/warehouse-schema';
import type { CollectorLimits } from '../collector-limits.ts';
import { findTypeError, isTypedEvent, type TypedEvent } from './event-schema.ts';
import { measureJson, TOO_DEEP } from './measure-json.ts';

/** Why one event is refused. `field` is a path within the event, empty for the event as a whole. */
export interface Rejection {
  reason: RejectReason;
  field: string;
  detail: string;
}

type Checked = { event: TypedEvent } | { rejection: Rejection };

const refuse = (reason: RejectReason, field: string, detail: string): Checked => ({
  rejection: { reason, field, detail },
});

/** Whether `value` is a messageId that the wire allows. */
export function isMessageId(value: string): boolean {
  if (value === '' || value.length > MAX_MESSAGE_ID_BYTES) return false;
  return value.length * 3 <= MAX_MESSAGE_ID_BYTES || Buffer.byteLength(value) <= MAX_MESSAGE_ID_BYTES;
}

const isEmpty = (value: string | number | null | undefined): boolean =>
  value === undefined || value === null || value === '';

/**
 * Says whether `value` is an event that can be stored: nested no deeper and no larger than the
 * limits, every field of its type, named if it is a `track`, and of someone.
 * `sizeKnown` skips measuring where the whole request is small.
 */
export function checkEvent(
  value: unknown,
  limits: Pick<CollectorLimits, 'maxDepth' | 'maxEventBytes'>,
  sizeKnown: boolean,
): Checked {
  const bound = measureJson(value, limits.maxDepth);
  if (bound === TOO_DEEP)
    return refuse('too_deep', '', `expected at most ${limits.maxDepth} levels of nesting`);
  if (!sizeKnown && bound > limits.maxEventBytes) {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > limits.maxEventBytes) {
      return refuse('event_too_large', '', `expected at most ${limits.maxEventBytes} bytes, got ${bytes}`);
    }
  }
  if (!isTypedEvent(value)) {
    const { field, expected } = findTypeError(value);
    return refuse('invalid_event', field, `expected ${expected}`);
  }
  if (typeof value.messageId === 'string' && !isMessageId(value.messageId)) {
    return refuse('invalid_event', 'messageId', 'expected a string of 1 to 128 bytes');
  }
  if (value.type === 'track' && !value.event) {
    return refuse('invalid_event', 'event', "expected the event's name, a string that is not empty");
  }
  if (isEmpty(value.userId) && isEmpty(value.anonymousId)) {
    return refuse('invalid_event', 'userId', 'expected a userId or an anonymousId that is not empty');
  }
  return { event: value };
}
