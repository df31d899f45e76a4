import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LogUnavailableError } from '../event-log.ts';
import { ignoreMissing, listSegments, quarantineFolder, segmentPath } from './segment-files.ts';
import type { SpoolDisk } from './spool-disk.ts';

/** What the spool holds and what is left of the disk, as of the last look. */
export interface SpoolUsage {
  bytes: number;
  segments: number;
  quarantined: number;
  freeBytes: number;
}

const FRESH_MS = 1000;
const FRESH_WHEN_FULL_MS = 250;
const RETRY_WHEN_FULL_MS = 5000;

/** Keeps the spool within its quota and away from the disk's last bytes. */
export function createSpoolRoom(options: {
  folder: string;
  quotaBytes: number;
  reserveBytes: number;
  disk: SpoolDisk;
  now: () => number;
}) {
  const { folder, quotaBytes, reserveBytes, disk, now } = options;
  let usage: SpoolUsage = { bytes: 0, segments: 0, quarantined: 0, freeBytes: Number.POSITIVE_INFINITY };
  let refusedBytes = 0;
  let measuredAt = Number.NEGATIVE_INFINITY;

  /** Looks again: the reader, another process, frees space. */
  async function measure(): Promise<void> {
    measuredAt = now();
    usage = { ...(await measureFolder(folder)), freeBytes: await disk.freeBytes(folder) };
  }

  /** Why `bytes` more do not fit, in words. */
  function shortage(bytes: number): string | undefined {
    if (usage.bytes + bytes > quotaBytes) {
      return `the spool holds ${usage.bytes} of the ${quotaBytes} bytes it may; the loader must catch up`;
    }
    if (usage.freeBytes - bytes < reserveBytes) {
      return `the disk has ${usage.freeBytes} bytes free, of which ${reserveBytes} are kept in reserve`;
    }
    return undefined;
  }

  return {
    measure,
    /** Why what was refused last would still be refused. */
    shortage: () => shortage(refusedBytes),
    usage: () => usage,
    isStale: () => now() - measuredAt > FRESH_MS,
    /** Resolves if `bytes` more fit; fails with LogUnavailableError `log_full`. */
    async claim(bytes: number): Promise<void> {
      const age = now() - measuredAt;
      if (age > FRESH_MS || (age > FRESH_WHEN_FULL_MS && shortage(bytes))) await measure();
      const reason = shortage(bytes);
      refusedBytes = reason ? bytes : 0;
      if (reason) throw new LogUnavailableError('log_full', reason, RETRY_WHEN_FULL_MS);
    },
    /** Counts what was written since the last look. */
    grow(bytes: number, segments: number): void {
      usage.bytes += bytes;
      usage.segments += segments;
      usage.freeBytes -= bytes;
    },
  };
}

async function measureFolder(folder: string): Promise<Omit<SpoolUsage, 'freeBytes'>> {
  const numbers = await listSegments(folder);
  const sizes = await Promise.all(
    numbers.map((number) => stat(segmentPath(folder, number)).then((file) => file.size, ignoreMissing(0))),
  );
  const aside = await readdir(quarantineFolder(folder)).catch(ignoreMissing<string[]>([]));
  const asideSizes = await Promise.all(
    aside.map((name) =>
      // A damaged segment that is still in the spool is the same file under a second name.
      stat(join(quarantineFolder(folder), name)).then(
        (file) => (file.nlink > 1 ? 0 : file.size),
        ignoreMissing(0),
      ),
    ),
  );
  return {
    bytes: [...sizes, ...asideSizes].reduce((sum, size) => sum + size, 0),
    segments: numbers.length,
    quarantined: aside.filter((name) => name.endsWith('.json')).length,
  };
}
