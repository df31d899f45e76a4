import { crc32 } from 'node:zlib';
import type { TypedEvent } from './event-schema.ts';

/**
 * A 32-bit hash of what a client said: type, event, ids, client timestamp, properties and traits. A
 * retry has the same; another event under a used `messageId` has another, but for one in four thousand
 * million. `properties` and `traits` are their JSON, which the caller has already made.
 */
export function contentHash(event: TypedEvent, properties: string, traits: string): number {
  return crc32(
    `${event.type}\n${event.event ?? ''}\n${event.name ?? ''}\n${event.category ?? ''}\n${
      event.anonymousId ?? ''
    }\n${event.userId ?? ''}\n${event.groupId ?? ''}\n${event.previousId ?? ''}\n${
      event.sessionId ?? ''
    }\n${event.timestamp ?? event.originalTimestamp ?? ''}\n${properties}\n${traits}`,
  );
}
