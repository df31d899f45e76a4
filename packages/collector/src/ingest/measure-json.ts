/** What `measureJson` answers for a value that is nested too deep. */
export const TOO_DEEP = -1;

/**
 * An upper bound of the bytes that `value` takes as JSON, or `TOO_DEEP` when it is nested deeper than
 * `maxDepth`. One cheap walk answers both; only an event whose bound is over a limit is stringified
 * to learn its true size, and only values that passed are given to anything that recurses.
 */
export function measureJson(value: unknown, maxDepth: number): number {
  if (typeof value === 'string') return 6 * value.length + 2;
  if (typeof value !== 'object' || value === null) return 26;
  if (maxDepth === 0) return TOO_DEEP;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      const size = measureJson(item, maxDepth - 1);
      if (size === TOO_DEEP) return TOO_DEEP;
      bytes += size + 1;
    }
    return bytes;
  }
  for (const key in value) {
    const size = measureJson((value as Record<string, unknown>)[key], maxDepth - 1);
    if (size === TOO_DEEP) return TOO_DEEP;
    bytes += 6 * key.length + 4 + size;
  }
  return bytes;
}
