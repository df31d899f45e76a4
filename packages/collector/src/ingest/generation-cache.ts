/** A bounded cache; see `createGenerationCache`. */
export interface GenerationCache<V> {
  /** The cached value of `key`, made by `make` the first time. */
  get(key: string, make: (key: string) => V): V;
}

/**
 * A cache of at most twice `size` values that forgets what was not used for a while: when one
 * generation is full it becomes the old one, and what is used again moves over. Cheaper than a true
 * LRU, since a hit in the young generation moves nothing. Keys over 1,000 characters are not kept.
 */
export function createGenerationCache<V>(size: number): GenerationCache<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  return {
    get(key, make) {
      const hit = young.get(key);
      if (hit !== undefined) return hit;
      const value = old.get(key) ?? make(key);
      if (key.length > 1000) return value;
      if (young.size >= size) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
      return value;
    },
  };
}
