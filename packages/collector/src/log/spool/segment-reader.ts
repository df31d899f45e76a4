import { type FileHandle, open, stat } from 'node:fs/promises';
import { readAt } from './read-at.ts';
import { ignoreMissing, segmentPath } from './segment-files.ts';
import { decodeHeader, frameSeed, HEADER_BYTES, isKnownVersion } from './segment-format.ts';
import { type Scanned, scanFrames } from './segment-scan.ts';
import type { SpoolDisk } from './spool-disk.ts';

type SpoolReadErrorCode = 'segment_shrunk' | 'segment_missing' | 'unknown_version';

/** What stands in a segment cannot be read as it was promised, or not by this version. */
export class SpoolReadError extends Error {
  override readonly name = 'SpoolReadError' as const;
  readonly code: SpoolReadErrorCode;

  constructor(code: SpoolReadErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A segment that is open for reading. */
export interface SegmentReader {
  readonly number: number;
  /** False once another file has its name, which has the same positions without what a deletion blanked. */
  isCurrent(): Promise<boolean>;
  /** Its size, once all of that is on stable storage. With `known`, that much is enough. */
  durableSize(known?: number): Promise<number>;
  scan(from: number, end: number): AsyncGenerator<Scanned, void, undefined>;
  close(): Promise<void>;
}

/** Opens segment `number` for reading. */
export async function openSegment(
  folder: string,
  spoolId: string,
  number: number,
  disk: Pick<SpoolDisk, 'sync' | 'syncFolder'>,
): Promise<SegmentReader> {
  const path = segmentPath(folder, number);
  const file = await open(path, 'r');
  const { ino } = await file.stat();
  let durable = 0;

  return {
    number,
    async isCurrent() {
      const named = await stat(path).catch(ignoreMissing(undefined));
      return named === undefined || named.ino === ino;
    },
    async durableSize(known) {
      if (known !== undefined && durable >= known) return durable;
      const { size } = await file.stat();
      if (size > durable) {
        // The writer may be between its write and its sync, or dead between the two. What the warehouse is
        // given must be in the log after a power cut, so the reader syncs for itself, the file's name first.
        if (durable === 0) await disk.syncFolder(folder);
        await disk.sync(file.fd);
      }
      durable = size;
      return size;
    },
    async *scan(from, end) {
      if (end < HEADER_BYTES) {
        yield { kind: 'tail', offset: 0, end, torn: true };
        return;
      }
      if (from <= HEADER_BYTES) {
        const isIntact = await checkHeader(file, path, spoolId, number);
        if (!isIntact) yield { kind: 'damage', offset: 0, end: HEADER_BYTES };
      }
      const read = (offset: number, length: number) => readAt(file, offset, length);
      yield* scanFrames(read, frameSeed(spoolId, number), Math.max(from, HEADER_BYTES), end);
    },
    close: () => file.close(),
  };
}

async function checkHeader(
  file: FileHandle,
  path: string,
  spoolId: string,
  number: number,
): Promise<boolean> {
  const header = decodeHeader(await readAt(file, 0, HEADER_BYTES));
  if (header && !isKnownVersion(header.version)) {
    throw new SpoolReadError(
      'unknown_version',
      `${path} is of format ${header.version}, which this version cannot read`,
    );
  }
  return header?.spoolId === spoolId && header.number === number;
}
