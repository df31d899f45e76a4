import { byteLength, encodeFrames, encodeHeader, HEADER_BYTES } from './segment-format.ts';
import type { SpoolDisk } from './spool-disk.ts';

/** A segment that this process created and alone appends to. */
export interface SegmentWriter {
  /** Bytes in it. */
  readonly size: () => number;
  readonly createdAt: number;
  /** Appends the payloads, each given in parts, by one gathered write and one sync; once it failed the segment must not be used again. */
  append(payloads: readonly (readonly Buffer[])[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates the file of a new segment; its name is durable before the first append resolves.
 * Where that fails, the file is removed again: nothing was ever in it.
 */
export async function createSegment(options: {
  disk: SpoolDisk;
  folder: string;
  path: string;
  spoolId: string;
  number: number;
  createdAt: number;
}): Promise<SegmentWriter> {
  const { disk, folder, path, spoolId, number } = options;
  const fd = await disk.create(path);
  const header = encodeHeader(spoolId, number);
  const seed = header.readUInt32LE(HEADER_BYTES - 4);
  let size = 0;

  async function write(buffers: Buffer[]): Promise<void> {
    let rest = buffers;
    while (rest.length > 0) {
      const written = await disk.write(fd, rest, size);
      if (written === 0) throw new Error(`the disk took none of ${byteLength(rest)} bytes`);
      size += written;
      rest = skip(rest, written);
    }
  }

  try {
    await write([header]);
    await disk.sync(fd);
    await disk.syncFolder(folder);
  } catch (error) {
    await disk.close(fd).catch(() => {});
    await disk.remove(path).catch(() => {});
    throw error;
  }

  return {
    size: () => size,
    createdAt: options.createdAt,
    async append(payloads) {
      await write(encodeFrames(payloads, seed));
      await disk.sync(fd);
    },
    close: () => disk.close(fd),
  };
}

/** The buffers without their first `bytes` bytes. */
function skip(buffers: readonly Buffer[], bytes: number): Buffer[] {
  let left = bytes;
  const rest: Buffer[] = [];
  for (const buffer of buffers) {
    if (left >= buffer.length) left -= buffer.length;
    else {
      rest.push(left > 0 ? buffer.subarray(left) : buffer);
      left = 0;
    }
  }
  return rest;
}
