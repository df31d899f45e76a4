import { type EventContext, type EventType, MAX_MESSAGE_ID_BYTES, type WireEvent } from '@millrace/core';
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
  let context: EventContext = { library: { name: platform.library, version } };
  for (const scope of scopes) {
    const given = readObject('options', scope) && readObject('context', scope?.context);
    if (given) context = { ...context, ...given };
  }
  // Every field by its name: walking over entries takes four times as long, and every call comes through here.
  const event: EventFields = {
    messageId: readMessageId(latestOf(scopes, 'messageId')) ?? newId(),
    type,
    event: own.event,
    name: own.name,
    anonymousId: own.anonymousId ?? readOptionalText('anonymousId', latestOf(scopes, 'anonymousId')),
    userId: own.userId ?? readOptionalText('userId', latestOf(scopes, 'userId')),
    groupId: own.groupId ?? readOptionalText('groupId', latestOf(scopes, 'groupId')),
    previousId: own.previousId,
    sessionId: readOptionalText('sessionId', latestOf(scopes, 'sessionId')),
    timestamp: readTimestamp(latestOf(scopes, 'timestamp'), platform.now()),
    properties: own.properties,
    traits: own.traits,
    context,
  };
  if (!event.userId && !event.anonymousId) {
    throw new TypeError('userId or anonymousId must be given, by the call, by for() or by the request');
  }
  return event as WireEvent;
}

/** What the last scope says that says something. */
function latestOf(scopes: readonly (EventOptions | undefined)[], name: keyof EventOptions): unknown {
  for (let i = scopes.length - 1; i >= 0; i--) {
    const value = scopes[i]?.[name];
    if (value !== undefined) return value;
  }
  return undefined;
}

function readMessageId(value: unknown): string | undefined {
  const text = readOptionalText('messageId', value);
  if (text !== undefined && text.length > MAX_MESSAGE_ID_BYTES) {
    throw new TypeError(`messageId must have at most ${MAX_MESSAGE_ID_BYTES} bytes`);
  }
  return text;
}
