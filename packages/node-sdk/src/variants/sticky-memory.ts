import type { StickyStore } from '../scope.ts';

/** A store in memory, of the last `max` units that were used. It ends with the process. */
export function createStickyMemory(max: number): StickyStore {
  const texts = new Map<string, string>();
  const touch = (unit: string, text: string): void => {
    texts.delete(unit);
    texts.set(unit, text);
  };
  return {
    get(unit) {
      const text = texts.get(unit);
      if (text !== undefined) touch(unit, text);
      return text;
    },
    set(unit, text) {
      touch(unit, text);
      for (const oldest of texts.keys()) {
        if (texts.size <= max) break;
        texts.delete(oldest);
      }
    },
  };
}
