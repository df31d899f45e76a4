/** Small values that outlive the page where the browser allows it, and the calls always. */
export interface KeyValues {
  /** The fields that were stored; none where nothing was, or nothing that can be read. */
  get(key: string): Record<string, unknown>;
  set(key: string, value: object): void;
}

/**
 * JSON objects in localStorage under `prefix`, shared by the tabs of an origin. Where localStorage is blocked, full
 * or emptied, a copy in memory answers.
 */
export function createKeyValues(prefix: string): KeyValues {
  const memory = new Map<string, string>();
  return {
    get(key) {
      let text = memory.get(key);
      try {
        text = localStorage.getItem(prefix + key) ?? text;
      } catch {}
      try {
        return JSON.parse(text ?? '{}') ?? {};
      } catch {
        return {};
      }
    },
    set(key, value) {
      const text = JSON.stringify(value);
      memory.set(key, text);
      try {
        localStorage.setItem(prefix + key, text);
      } catch {}
    },
  };
}
