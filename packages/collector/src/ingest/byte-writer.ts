/** Bytes gathered one after the other; see `createByteWriter`. */
export interface ByteWriter {
  /** Appends a string as UTF-8. */
  text(text: string): void;
  /** Appends bytes as they are. */
  bytes(bytes: Uint8Array): void;
  /** How many bytes were written. */
  length(): number;
  /** What was written from `start` on; valid until the next write. */
  since(start: number): Buffer;
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
  return {
    text(text) {
      reserve(3 * text.length);
      end += buffer.write(text, end);
    },
    bytes(bytes) {
      reserve(bytes.length);
      buffer.set(bytes, end);
      end += bytes.length;
    },
    length: () => end,
    since: (start) => buffer.subarray(start, end),
  };
}
