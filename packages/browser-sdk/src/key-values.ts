/** Small values that outlive the page where that is allowed and possible, and the calls always. */
export interface KeyValues {
  /** The fields that were stored; none where nothing was, or nothing that can be read. */
  get(key: string): Record<string, unknown>;
  set(key: string, value: object): void;
  /** Stores what so far was in memory alone. */
  storeAll(): void;
  /** Forgets everything; whether anything was stored. */
  purge(): boolean;
}

/**
 * JSON objects in localStorage under `prefix`, shared by the tabs of an origin, while `mayStore` says so. Where
 * localStorage is blocked, full or emptied, a copy in memory answers.
 */
export function createKeyValues(prefix: string, mayStore: () => boolean): KeyValues {
  const memory: Record<string, string> = {};
  const storeAll = (): void => {
    for (const key in memory) if (mayStore()) writeLocal(prefix + key, memory[key] as string);
  };
  return {
    get(key) {
      const text = (mayStore() && readLocal(prefix + key)) || memory[key];
      try {
        return JSON.parse(text as string) ?? {};
      } catch {
        return {};
      }
    },
    set(key, value) {
      memory[key] = JSON.stringify(value);
      if (mayStore()) writeLocal(prefix + key, memory[key]);
    },
    storeAll,
    purge() {
      for (const key in memory) delete memory[key];
      const keys = localKeys(prefix);
      for (const key of keys) localStorage.removeItem(key);
      return keys.length > 0;
    },
  };
}

/** The keys of localStorage that begin with `prefix`; none where it is blocked. */
export function localKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** A text of localStorage; null where there is none or it is blocked. */
export function readLocal(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Puts a text into localStorage; whether it fits and nothing blocks it. What was there is gone in any case. */
export function writeLocal(key: string, text: string): boolean {
  try {
    localStorage.removeItem(key);
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
