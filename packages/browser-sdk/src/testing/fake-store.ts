import type { EventStore } from '../store.ts';

/** A store in memory that logs its writes, and can be told to fail or to hang. */
export interface FakeStore extends EventStore {
  records: Map<string, string>;
  /** The writes so far, such as `save a b`, by the ids. */
  writes: string[];
  /** While true, everything rejects. */
  isBlocked: boolean;
  /** While set, writes wait for it. */
  until: Promise<void> | undefined;
}

/** A fake store; two outboxes may share one. */
export function createFakeStore(): FakeStore {
  const ids = (keys: readonly string[]) => keys.map((key) => key.split('.')[0]).join(' ');
  const open = async (): Promise<void> => {
    if (store.isBlocked) throw new Error('blocked');
  };
  const store: FakeStore = {
    records: new Map(),
    writes: [],
    isBlocked: false,
    until: undefined,
    async listKeys() {
      await open();
      return [...store.records.keys()].sort();
    },
    async readRecords(keys, take) {
      await open();
      for (const key of keys) {
        const jsonText = store.records.get(key);
        if (jsonText) take(key, jsonText);
      }
    },
    async saveRecords(records) {
      store.writes.push(`save ${ids(records.map(({ recordKey }) => recordKey))}`);
      await open();
      await store.until;
      for (const { recordKey, jsonText } of records) store.records.set(recordKey, jsonText);
    },
    async removeRecords(keys) {
      store.writes.push(`remove ${ids(keys)}`);
      await open();
      await store.until;
      for (const key of keys) store.records.delete(key);
    },
    async removeAll() {
      await open();
      store.records.clear();
    },
  };
  return store;
}
