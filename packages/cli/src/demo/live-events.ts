import { setTimeout as delay } from 'node:timers/promises';
import type { WireEvent } from '@millrace/core';

/** Hands each event out when the time of its timestamp has come; ends early when `signal` is aborted. */
export async function* liveEvents(
  events: Iterable<WireEvent>,
  signal?: AbortSignal,
): AsyncGenerator<WireEvent> {
  for (const event of events) {
    const waitMs = Date.parse(event.timestamp) - Date.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => {});
    if (signal?.aborted) return;
    yield event;
  }
}
