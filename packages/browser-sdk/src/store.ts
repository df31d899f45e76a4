import type { EventStore, PendingEvent } from '@millrace/core';
import { createStore, delMany, entries, promisifyRequest, type UseStore } from 'idb-keyval';

type EventRecord = Omit<PendingEvent, 'messageId'>;

/** Pending events in IndexedDB, in the database `name`: one record an event, its messageId the key. */
export function createEventStore(name: string): EventStore {
  // Opened at the first use, inside a promise: where storage is blocked, touching `indexedDB` throws.
  let opened: UseStore | undefined;
  const open = (): UseStore => {
    opened ??= createStore(name, 'events');
    return opened;
  };

  return {
    async load() {
      const records = await entries<string, EventRecord>(open());
      return records.map(([messageId, record]) => ({ messageId, ...record }));
    },
    async save(events) {
      await open()('readwrite', (store) => {
        for (const { messageId, ...record } of events) store.put(record, messageId);
        // Without it the browser commits in a later task, which a page that is being left never reaches.
        store.transaction.commit?.();
        return promisifyRequest(store.transaction);
      });
    },
    async remove(messageIds) {
      await delMany([...messageIds], open());
    },
  };
}
