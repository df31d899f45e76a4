import { FRAME_HEADER_BYTES, FRAME_MARKER, frameChecksum, MAX_PAYLOAD_BYTES } from './segment-format.ts';

/** Bytes of a file: `length` from `offset`, fewer only at the file's end. The buffer is the caller's. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

/**
 * What stands in a segment from one offset to the next: a record; `damage`, bytes before a record that are
 * none; and at last the `tail`, bytes after the last record (perhaps none). A tail is `torn` if it is what an
 * interrupted write leaves: the beginning of a frame, or zeros. Any other tail was once something else.
 */
export type Scanned =
  | { kind: 'frame'; offset: number; end: number; payload: Buffer }
  | { kind: 'damage'; offset: number; end: number }
  | { kind: 'tail'; offset: number; end: number; torn: boolean };

type Attempt = { status: 'valid'; payload: Buffer; end: number } | { status: 'invalid' | 'incomplete' };

const PIECE_BYTES = 1024 * 1024;

/**
 * Reads the frames between two offsets, in pieces: it holds one piece or one frame, whichever is greater.
 * After bytes that are no frame it goes on at the next frame whose checksum holds.
 */
export async function* scanFrames(
  read: ReadBytes,
  seed: number,
  from: number,
  end: number,
): AsyncGenerator<Scanned, void, undefined> {
  const bytes = createWindow(read, end);
  let offset = from;
  while (true) {
    const attempt = await tryFrame(bytes, seed, offset, end);
    if (attempt.status === 'valid') {
      yield { kind: 'frame', offset, end: attempt.end, payload: attempt.payload };
      offset = attempt.end;
      continue;
    }
    const next = await findFrame(bytes, seed, offset + 1, end);
    if (next === undefined) {
      const torn = attempt.status === 'incomplete' || (await isZero(bytes, offset, end));
      yield { kind: 'tail', offset, end: Math.max(offset, end), torn };
      return;
    }
    yield { kind: 'damage', offset, end: next };
    offset = next;
  }
}

async function tryFrame(bytes: ReadBytes, seed: number, offset: number, end: number): Promise<Attempt> {
  const header = await bytes(offset, FRAME_HEADER_BYTES);
  const marked = Math.min(header.length, FRAME_MARKER.length);
  if (!header.subarray(0, marked).equals(FRAME_MARKER.subarray(0, marked))) return { status: 'invalid' };
  if (header.length < FRAME_HEADER_BYTES) return { status: 'incomplete' };
  const length = header.readUInt32LE(4);
  if (length > MAX_PAYLOAD_BYTES) return { status: 'invalid' };
  const frameEnd = offset + FRAME_HEADER_BYTES + length;
  if (frameEnd > end) return { status: 'incomplete' };
  const frame = await bytes(offset, FRAME_HEADER_BYTES + length);
  const payload = frame.subarray(FRAME_HEADER_BYTES);
  if (frameChecksum(frame, [payload], seed) !== frame.readUInt32LE(8)) return { status: 'invalid' };
  return { status: 'valid', payload, end: frameEnd };
}

async function findFrame(
  bytes: ReadBytes,
  seed: number,
  from: number,
  end: number,
): Promise<number | undefined> {
  let offset = from;
  while (offset + FRAME_HEADER_BYTES <= end) {
    const piece = await bytes(offset, Math.min(PIECE_BYTES, end - offset));
    if (piece.length === 0) return undefined;
    const found = piece.indexOf(FRAME_MARKER);
    if (found >= 0) {
      const { status } = await tryFrame(bytes, seed, offset + found, end);
      if (status === 'valid') return offset + found;
      offset += found + 1;
    } else {
      // A marker may begin in this piece's last bytes.
      offset += Math.max(1, piece.length - FRAME_MARKER.length + 1);
    }
  }
  return undefined;
}

async function isZero(bytes: ReadBytes, from: number, end: number): Promise<boolean> {
  for (let offset = from; offset < end; offset += PIECE_BYTES) {
    const piece = await bytes(offset, Math.min(PIECE_BYTES, end - offset));
    if (!piece.equals(Buffer.alloc(piece.length))) return false;
  }
  return true;
}

/** Serves small reads from the piece read last; a piece is never reused, since records are views into it. */
function createWindow(read: ReadBytes, end: number): ReadBytes {
  let piece: Buffer = Buffer.alloc(0);
  let start = 0;
  return async (offset, length) => {
    const wanted = Math.max(0, Math.min(length, end - offset));
    if (wanted === 0) return Buffer.alloc(0);
    const at = offset - start;
    if (at >= 0 && at + wanted <= piece.length) return piece.subarray(at, at + wanted);
    piece = await read(offset, Math.min(end - offset, Math.max(wanted, PIECE_BYTES)));
    start = offset;
    return piece.subarray(0, wanted);
  };
}
