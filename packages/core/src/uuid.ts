import type { Clock, Random } from './ports.ts';

const COUNTER_LIMIT = 0x1000;

/**
 * A generator of UUIDs of version 7 (RFC 9562). Its ids never descend, not within a millisecond either, nor when
 * the clock is set back: the 12 bits after the version count up from a random start, and a full counter borrows the
 * next millisecond.
 */
export function createUuidV7(clock: Pick<Clock, 'now'>, random: Random): () => string {
  const bytes = new Uint8Array(10);
  let lastMs = -1;
  let counter = 0;

  return () => {
    const now = clock.now();
    random.fill(bytes);
    if (now > lastMs) {
      lastMs = now;
      // Half of the room, so that a burst within one millisecond finds numbers left.
      counter = (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) & 0x7ff;
    } else if (++counter === COUNTER_LIMIT) {
      lastMs++;
      counter = 0;
    }
    bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80;

    const time = lastMs.toString(16).padStart(12, '0');
    let tail = '';
    for (let i = 2; i < 10; i++) tail += (bytes[i] ?? 0).toString(16).padStart(2, '0');
    const count = counter.toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
