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
  since(start: number): Buffer;
}

const SMALL = 48;

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
    if (size > SMALL) buffer.set(bytes.subarray(start, stop), end);
    else for (let index = 0; index < size; index++) buffer[end + index] = bytes[start + index] as number;
    end += size;
  };
  return {
    text(text) {
      reserve(3 * text.length);
      end += buffer.write(text, end);
    },
    bytes: (bytes) => copy(bytes, 0, bytes.length),
    slice: copy,
    integer(value) {
      let digits = 1;
      for (let bound = 10; value >= bound; bound *= 10) digits++;
      reserve(digits);
      let rest = value;
      for (let at = end + digits - 1; at >= end; at--) {
        const tens = Math.floor(rest / 10);
        buffer[at] = 0x30 + rest - 10 * tens;
        rest = tens;
      }
      end += digits;
    },
    length: () => end,
    since: (start) => buffer.subarray(start, end),
  };
}
