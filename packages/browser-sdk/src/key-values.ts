/** Small values that outlive the page where that is allowed and possible, and the calls always. */
export interface KeyValues {
  /** The fields that were stored, not to be changed; none where nothing was, or nothing that can be read. */
  readValue(key: string): Record<string, unknown>;
  saveValue(key: string, value: object): void;
  /** Stores what so far was in memory alone. */
  storeAll(): void;
  /** Forgets everything; how many of them were stored. */
  purge(): number;
}

/**
 * JSON objects in localStorage under `prefix`, shared by the tabs of an origin, while `mayStore` says so. Where
 * localStorage is blocked, full or emptied, a copy in memory answers.
 */
export function createKeyValues(prefix: string, mayStore: () => boolean): KeyValues {
  // By key: the text, and what it says once it was read.
  let memory: Record<string, [text: string, value?: Record<string, unknown>]> = {};
  const store = (key: string): void => {
    if (mayStore()) writeLocal(prefix + key, memory[key]?.[0] as string);
  };
  return {
    readValue(key) {
      const [known, value] = memory[key] ?? [];
      const text = (mayStore() && readLocal(prefix + key)) || known;
      if (value && text === known) return value;
      try {
        memory[key] = [text as string, JSON.parse(text as string)];
      } catch {}
      return memory[key]?.[1] ?? {};
    },
    saveValue(key, value) {
      memory[key] = [JSON.stringify(value)];
      store(key);
    },
    storeAll() {
      for (const key in memory) store(key);
    },
    purge() {
      memory = {};
      return localKeys(prefix).map((key) => localStorage.removeItem(key)).length;
    },
  };
}

/** What `work` makes of localStorage; undefined where that is blocked or full. */
function withLocal<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}

/** The keys of localStorage that begin with `prefix`; none where it is blocked. */
export const localKeys = (prefix: string): string[] =>
  withLocal((storage) => Object.keys(storage).filter((key) => key.startsWith(prefix))) ?? [];

/** A text of localStorage; nothing where there is none or it is blocked. */
export const readLocal = (key: string): string | null | undefined =>
  withLocal((storage) => storage.getItem(key));

/** Puts a text into localStorage; whether it fits and nothing blocks it. What was there is gone in any case. */
export const writeLocal = (key: string, text: string): unknown =>
  withLocal((storage) => {
    storage.removeItem(key);
    storage.setItem(key, text);
    return true;
  });
