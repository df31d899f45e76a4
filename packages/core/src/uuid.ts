import type { Clock } from './ports.ts';

/**
 * A generator of UUIDs of version 7 (RFC 9562). Its ids never descend, not within a millisecond either, nor when
 * the clock is set back: the 12 bits after the version count up from a random start, and a full counter borrows the
 * next millisecond. `fill` fills bytes at random, good enough that ids never meet.
 */
export function createUuidV7(
  clock: Pick<Clock, 'now'>,
  fill: (bytes: Uint8Array<ArrayBuffer>) => unknown,
): () => string {
  const bytes = new Uint8Array(10);
  // Milliseconds and, in the lowest 12 bits, the counter: exact in a double until the year 2039.
  let last = 0;

  return () => {
    fill(bytes);
    let random = '';
    for (const byte of bytes) random += byte.toString(16).padStart(2, '0');
    // The counter starts in the lower half, so that a burst within one millisecond finds numbers left.
    last = Math.max(last + 1, clock.now() * 4096 + (Number.parseInt(random.slice(17), 16) >> 1));
    return `${last.toString(16).padStart(15, '0')}8${random}`.replace(
      /^(.{8})(.{4})(.{3})(.{4})(.{12}).*/,
      '$1-$2-7$3-$4-$5',
    );
  };
}
