import { crc32 } from 'node:zlib';

/**
 * A segment is a header and then frames, each one record:
 *
 *   header   magic 8 · version u32 · segment number u64 · spool id 8 · crc32 of these 28 bytes u32
 *   frame    marker 4 · payload length u32 · crc32 u32 · payload
 *
 * Numbers are little-endian. A frame's checksum covers length and payload, and starts from the header's,
 * so that a frame of another segment (stale disk blocks, a copied file) is never taken for one of this.
 */
export const HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 12;

/** The greatest payload of a frame; a length above it is damage, not a record. */
export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

/** Begins every frame. No UTF-8 text has these bytes, so no event can carry something that looks like a frame. */
export const FRAME_MARKER = Buffer.from([0xff, 0x4d, 0x52, 0xfe]);

const MAGIC = Buffer.from('MRSPOOL\n');
const VERSION = 1;
const CHECKED_HEADER_BYTES = HEADER_BYTES - 4;

/** The header of segment `number`; `spoolId` is 16 hexadecimal digits. */
export function encodeHeader(spoolId: string, number: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(VERSION, 8);
  header.writeBigUInt64LE(BigInt(number), 12);
  header.write(spoolId, 20, 'hex');
  header.writeUInt32LE(crc32(header.subarray(0, CHECKED_HEADER_BYTES)), CHECKED_HEADER_BYTES);
  return header;
}

/** What every frame's checksum in this segment starts from. */
export function frameSeed(spoolId: string, number: number): number {
  return encodeHeader(spoolId, number).readUInt32LE(CHECKED_HEADER_BYTES);
}

/** What a header says, or `undefined` where it is damaged or is none. */
export function decodeHeader(
  header: Buffer,
): { version: number; number: number; spoolId: string } | undefined {
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const checked = header.subarray(0, CHECKED_HEADER_BYTES);
  if (crc32(checked) !== header.readUInt32LE(CHECKED_HEADER_BYTES)) return undefined;
  return {
    version: header.readUInt32LE(8),
    number: Number(header.readBigUInt64LE(12)),
    spoolId: header.toString('hex', 20, CHECKED_HEADER_BYTES),
  };
}

/** True for the format this code writes; false for one of a later version. */
export function isKnownVersion(version: number): boolean {
  return version === VERSION;
}

/** Frame headers and payloads in turn, ready for one gathered write. A payload is given in parts. */
export function encodeFrames(payloads: readonly (readonly Buffer[])[], seed: number): Buffer[] {
  const headers = Buffer.alloc(payloads.length * FRAME_HEADER_BYTES);
  return payloads.flatMap((parts, index) => {
    const header = headers.subarray(index * FRAME_HEADER_BYTES, (index + 1) * FRAME_HEADER_BYTES);
    FRAME_MARKER.copy(header);
    header.writeUInt32LE(byteLength(parts), 4);
    header.writeUInt32LE(frameChecksum(header, parts, seed), 8);
    return [header, ...parts];
  });
}

/** The checksum that a frame with this header and payload must carry. */
export function frameChecksum(header: Buffer, parts: readonly Buffer[], seed: number): number {
  // Of an empty buffer without memory of its own, as Buffer.allocUnsafe(0).subarray() is one, Node's crc32 forgets
  // the sum so far and gives 0.
  return parts.reduce(
    (sum, part) => (part.length === 0 ? sum : crc32(part, sum)),
    crc32(header.subarray(4, 8), seed),
  );
}

/** Bytes of buffers that follow one another. */
export function byteLength(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
