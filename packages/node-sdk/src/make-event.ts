import { type EventType, MAX_MESSAGE_ID_BYTES, type WireEvent } from '@millrace/core';
import { version } from '../package.json';
import type { EventOptions } from './analytics.ts';
import { readObject, readOptionalText, readTimestamp } from './arguments.ts';
import type { Platform } from './platform.ts';

/** What a call says of an event, apart from whom it is of. */
export type EventFields = { [Field in keyof WireEvent]?: WireEvent[Field] | undefined };

/**
 * The event of one call. `scopes` say whom it is of, the later ones above the earlier ones. Throws a TypeError that
 * names the field which cannot be used.
 */
export function makeEvent(
  type: EventType,
  own: EventFields,
  scopes: readonly (EventOptions | undefined)[],
  platform: Platform,
  newId: () => string,
): WireEvent {
  const merged: EventOptions = {};
  let context = { library: { name: platform.library, version: version } };
  for (const scope of scopes) {
    if (readObject('options', scope) === undefined) continue;
    for (const [name, value] of Object.entries(scope as EventOptions)) {
      if (value !== undefined) merged[name as keyof EventOptions] = value;
    }
    context = { ...context, ...readObject('context', scope?.context) };
  }
  const event: EventFields = {
    messageId: readMessageId(merged.messageId) ?? newId(),
    type,
    timestamp: readTimestamp(merged.timestamp, platform.now()),
    anonymousId: readOptionalText('anonymousId', merged.anonymousId),
    userId: readOptionalText('userId', merged.userId),
    groupId: readOptionalText('groupId', merged.groupId),
    sessionId: readOptionalText('sessionId', merged.sessionId),
    context,
  };
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined) Object.assign(event, { [name]: value });
  }
  if (!event.userId && !event.anonymousId) {
    throw new TypeError('userId or anonymousId must be given, by the call, by for() or by the request');
  }
  return event as WireEvent;
}

function readMessageId(value: unknown): string | undefined {
  const text = readOptionalText('messageId', value);
  if (text !== undefined && text.length > MAX_MESSAGE_ID_BYTES) {
    throw new TypeError(`messageId must have at most ${MAX_MESSAGE_ID_BYTES} bytes`);
  }
  return text;
}
