import { createStore, promisifyRequest } from 'idb-keyval';

/** Pending events that outlive the page: one record an event, its JSON under its key. Rejects where it is blocked. */
export interface EventStore {
  /** The keys of all records, in order. */
  listKeys(): Promise<string[]>;
  /** The records under `keys`; undefined where there is none. */
  readRecords(keys: readonly string[]): Promise<(string | undefined)[]>;
  saveRecords(records: readonly { recordKey: string; jsonText: string }[]): Promise<unknown>;
  removeRecords(keys: readonly string[]): Promise<unknown>;
}

/** The store in IndexedDB, in the database `name`, shared by all tabs of the origin. */
export function createEventStore(name: string): EventStore {
  // Async, because where storage is blocked touching `indexedDB` throws.
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => T | Promise<T>) =>
    open(mode, work);
  const open = createStore(name, 'events');
  const change = (work: (store: IDBObjectStore) => void) =>
    run('readwrite', (store) => {
      work(store);
      // Without it the browser commits in a later task, which a page that is being left never reaches.
      store.transaction.commit?.();
      return promisifyRequest(store.transaction);
    });

  return {
    listKeys: () => run('readonly', (store) => promisifyRequest(store.getAllKeys() as IDBRequest<string[]>)),
    readRecords: (keys) =>
      run('readonly', (store) => Promise.all(keys.map((key) => promisifyRequest(store.get(key))))),
    saveRecords: (records) =>
      change((store) => {
        for (const { recordKey, jsonText } of records) store.put(jsonText, recordKey);
      }),
    removeRecords: (keys) =>
      change((store) => {
        for (const key of keys) store.delete(key);
      }),
  };
}
