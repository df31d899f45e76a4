import type { EventStore, PendingEvent } from '@millrace/core';

// A browser whose IndexedDB hangs must not make events pile up in writes that never end.
const MAX_OPEN_WRITES = 8;

/** A store that nobody waits for, and whose failures change nothing but what survives the page. */
export interface WriteBehind {
  /** Writes the event after the running task, together with the others of that task. */
  keep(event: PendingEvent): void;
  /** Removes events that are delivered or given up. */
  forget(messageIds: readonly string[]): void;
  /** What earlier pages left, the oldest first; empty where the store cannot be read. */
  load(): Promise<PendingEvent[]>;
}

/** Puts `store` behind memory. */
export function createWriteBehind(store: EventStore): WriteBehind {
  const unsaved = new Map<string, PendingEvent>();
  let scheduled = false;
  let openWrites = 0;

  const write = async (): Promise<void> => {
    scheduled = false;
    if (unsaved.size === 0 || openWrites === MAX_OPEN_WRITES) return;
    const events = [...unsaved.values()];
    unsaved.clear();
    openWrites++;
    try {
      await store.save(events);
    } catch {
      // Blocked or full: memory still holds them.
    }
    openWrites--;
    await write();
  };

  return {
    keep(event) {
      unsaved.set(event.messageId, event);
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(() => void write());
    },
    forget(messageIds) {
      const saved = messageIds.filter((id) => !unsaved.delete(id));
      if (saved.length > 0) store.remove(saved).catch(() => {});
    },
    load: () => store.load().catch(() => []),
  };
}
