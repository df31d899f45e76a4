import type { Clock } from './ports.ts';

/**
 * A generator of UUIDs of version 7 (RFC 9562). Its ids never descend, not within a millisecond either, nor when
 * the clock is set back: the 12 bits after the version count up from a random start, and a full counter borrows the
 * next millisecond. `source` fills bytes at random, good enough that ids never meet.
 */
export function createUuidV7(
  clock: Pick<Clock, 'now'>,
  source: { getRandomValues(bytes: Uint8Array<ArrayBuffer>): unknown },
): () => string {
  const bytes = new Uint8Array(9);
  // Milliseconds and, in the lowest 12 bits, the counter: exact in a double until the year 2039.
  let last = 0;

  return () => {
    source.getRandomValues(bytes);
    // The counter starts in the lower half, so that a burst within one millisecond finds numbers left.
    last = Math.max(last + 1, clock.now() * 4096 + (bytes[8] as number) * 8);
    let digits = `${last.toString(16).padStart(15, '0')}8`;
    for (const byte of bytes) digits += (byte + 256).toString(16).slice(1);
    return digits.replace(/(.{8})(.{4})(.{3})(.{4})/, '$1-$2-7$3-$4-').slice(0, 36);
  };
}
