import { createStore, promisifyRequest } from 'idb-keyval';

/** Pending events that outlive the page: one record an event, its JSON under its key. Fails where it is blocked. */
export interface EventStore {
  /** The keys of all records, in order. */
  listKeys(): Promise<string[]>;
  /** Gives each of `keys` to `take` that has a record, with it. */
  readRecords(keys: readonly string[], take: (key: string, jsonText: string) => void): Promise<unknown>;
  saveRecords(records: readonly { recordKey: string; jsonText: string }[]): Promise<unknown>;
  removeRecords(keys: readonly string[]): Promise<unknown>;
  removeAll(): Promise<unknown>;
}

/** The store in IndexedDB, in the database `name`, shared by all tabs of the origin. */
export function createEventStore(name: string): EventStore {
  const run = createStore(name, 'events');
  const change = (work: (store: IDBObjectStore) => unknown) =>
    run('readwrite', (store) => {
      work(store);
      // Without it the browser commits in a later task, which a page that is being left never reaches.
      store.transaction.commit?.();
      return promisifyRequest(store.transaction);
    });

  return {
    listKeys: () => run('readonly', (store) => promisifyRequest(store.getAllKeys() as IDBRequest<string[]>)),
    readRecords: (keys, take) =>
      run('readonly', (store) =>
        Promise.all(
          keys.map(async (key) => {
            const jsonText = await promisifyRequest(store.get(key));
            if (jsonText) take(key, jsonText);
          }),
        ),
      ),
    saveRecords: (records) =>
      change((store) => records.map(({ recordKey, jsonText }) => store.put(jsonText, recordKey))),
    removeRecords: (keys) => change((store) => keys.map((key) => store.delete(key))),
    removeAll: () => change((store) => store.clear()),
  };
}
