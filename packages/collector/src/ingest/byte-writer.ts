/** Bytes gathered one after the other; see `createByteWriter`. */
export interface ByteWriter {
  /** Appends a string as UTF-8. */
  text(text: string): void;
  /** Appends bytes as they are. */
  bytes(bytes: Uint8Array): void;
  /** Appends a part of other bytes. */
  slice(bytes: Uint8Array, start: number, end: number): void;
  /** Appends a whole number from 0 to 10^15 in decimal. */
  integer(value: number): void;
  /** How many bytes were written. */
  length(): number;
  /** What was written from `start` on; valid until the next write. */
  since(start: number): Uint8Array;
  /** All that was written; valid until the next write. */
  toBuffer(): Buffer;
}

const SMALL = 48;
const MILLION = 1_000_000;

function countDigits(value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  return digits;
}

/**
 * Gathers bytes in a buffer that begins at `expectedBytes` and grows. Parts go straight to where they
 * stay, so that no line is ever built as a string and encoded afterwards.
 */
export function createByteWriter(expectedBytes: number): ByteWriter {
  let buffer = Buffer.allocUnsafe(expectedBytes);
  let end = 0;
  const reserve = (bytes: number): void => {
    if (end + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (end + bytes));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  };
  const copy = (bytes: Uint8Array, start: number, stop: number): void => {
    const size = stop - start;
    reserve(size);
    // A call into the engine costs as much as copying some fifty bytes here.
    if (size > SMALL) buffer.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, size), end);
    else for (let index = 0; index < size; index++) buffer[end + index] = bytes[start + index] as number;
    end += size;
  };
  const writeDigits = (value: number, digits: number): void => {
    reserve(digits);
    let rest = value | 0;
    for (let at = end + digits - 1; at >= end; at--) {
      const tens = (rest / 10) | 0;
      buffer[at] = 0x30 + rest - 10 * tens;
      rest = tens;
    }
    end += digits;
  };
  return {
    text(text) {
      reserve(3 * text.length);
      end += buffer.write(text, end);
    },
    bytes(bytes) {
      if (bytes.length <= SMALL) {
        copy(bytes, 0, bytes.length);
        return;
      }
      reserve(bytes.length);
      buffer.set(bytes, end);
      end += bytes.length;
    },
    slice: copy,
    integer(value) {
      if (value < MILLION) {
        writeDigits(value, countDigits(value));
        return;
      }
      // Halves of 32 bits: the engine divides those several times as fast.
      const high = Math.floor(value / MILLION);
      writeDigits(high, countDigits(high));
      writeDigits(value - high * MILLION, 6);
    },
    length: () => end,
    since: (start) => new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start),
    toBuffer: () => buffer.subarray(0, end),
  };
}
