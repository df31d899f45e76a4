import { stat, unlink } from 'node:fs/promises';
import { ignoreMissing, listSegments, segmentPath } from './segment-files.ts';
import { nodeDisk } from './spool-disk.ts';

/** How long loaded segments are kept: a warehouse that lost its last writes is filled from them. */
export interface RetentionOptions {
  /** Loaded segments older than this may go. @default 24 hours */
  keepMs?: number;
  /** The most that loaded segments may hold; the oldest go first. @default 2 GiB */
  keepBytes?: number;
  /** Of the disk, what must stay free, else loaded segments go at once. @default 1 GiB */
  reserveBytes?: number;
}

const GIB = 1024 ** 3;

/** Deletes loaded segments, those below `number`, which need not be kept; never the newest of all. */
export async function deleteLoaded(
  folder: string,
  number: number,
  options: RetentionOptions,
): Promise<number> {
  const { keepMs = 86_400_000, keepBytes = 2 * GIB, reserveBytes = GIB } = options;
  const numbers = await listSegments(folder);
  // The newest segment's number is what the next one's follows from.
  const loaded = numbers.slice(0, -1).filter((candidate) => candidate < number);
  const files = await Promise.all(
    loaded.map(async (candidate) => {
      const path = segmentPath(folder, candidate);
      const { size, mtimeMs } = await stat(path).catch(ignoreMissing({ size: 0, mtimeMs: 0 }));
      return { path, size, mtimeMs };
    }),
  );
  let kept = files.reduce((sum, file) => sum + file.size, 0);
  let free = await nodeDisk.freeBytes(folder);
  let deleted = 0;
  for (const { path, size, mtimeMs } of files) {
    if (Date.now() - mtimeMs <= keepMs && kept <= keepBytes && free >= reserveBytes) break;
    await unlink(path).catch(ignoreMissing(undefined));
    kept -= size;
    free += size;
    deleted++;
  }
  return deleted;
}
