import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '@millrace/definitions/lock';
import { type EventLog, LogUnavailableError } from '../event-log.ts';
import { encodeRecord } from '../record.ts';
import { listSegments, quarantineFolder, segmentPath } from './segment-files.ts';
import { byteLength, FRAME_HEADER_BYTES, HEADER_BYTES, MAX_PAYLOAD_BYTES } from './segment-format.ts';
import { createSegment, type SegmentWriter } from './segment-writer.ts';
import { nodeDisk, type SpoolDisk } from './spool-disk.ts';
import { ensureSpoolId } from './spool-id.ts';
import { createSpoolRoom } from './spool-room.ts';
import { cutTornTail } from './torn-tail.ts';

export interface SpoolOptions {
  folder: string;
  /** A segment is closed before it would grow past this. @default 64 MiB */
  segmentBytes?: number;
  /** A segment older than this is closed at the next append. @default one hour */
  segmentAgeMs?: number;
  /** The most that all segments together may hold, loaded ones that are still kept included. @default 10 GiB */
  quotaBytes?: number;
  /** Of the disk, what must stay free. @default 512 MiB */
  reserveBytes?: number;
  /** The most that may wait for the disk, in memory. @default 64 MiB */
  queueBytes?: number;
  disk?: SpoolDisk;
  /** Unix milliseconds. */
  now?: () => number;
}

/** The write side of a spool. */
export interface Spool extends EventLog {
  /** 16 hexadecimal digits, made once; log ids begin with it. */
  readonly id: string;
}

interface Waiting {
  /** Counts on from append to append. */
  number: number;
  parts: Buffer[];
  /** Of all parts. */
  bytes: number;
  resolve: () => void;
  reject: (error: LogUnavailableError) => void;
}

const MIB = 1024 * 1024;
const MAX_GROUP_BYTES = 8 * MIB;
const MAX_PAUSE_MS = 5000;
const RETRY_MS = 1000;
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Opens the spool in `folder` for writing; fails with FolderLockedError while another process writes to it.
 *
 * Appends that wait share one write and one sync, and while a sync runs the next group gathers. A segment is
 * appended to only by the process that created it, and never again after a write or sync to it has failed,
 * so no position is ever used twice. The reader, another process, deletes what is loaded.
 */
export async function createSpool(options: SpoolOptions): Promise<Spool> {
  const { folder, segmentBytes = 64 * MIB, segmentAgeMs = 3_600_000, queueBytes = 64 * MIB } = options;
  const { quotaBytes = 10 * 1024 * MIB, reserveBytes = 512 * MIB, disk = nodeDisk, now = Date.now } = options;
  await mkdir(quarantineFolder(folder), { recursive: true });
  const lock = await lockFolder(join(folder, 'lock'));
  const room = createSpoolRoom({ folder, quotaBytes, reserveBytes, disk, now });
  const start = await recover(folder, disk, room.measure).catch(async (error) => {
    await lock.release();
    throw error;
  });

  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let draining: Promise<void> | undefined;
  let appended = 0;
  /** Who waits for a new segment, and the last append that may stand in the old one. */
  const rotations: { after: number; resolve: () => void }[] = [];
  let segment: SegmentWriter | undefined;
  let number = start.lastNumber;
  /** True while the newest segment is of a process before: nobody appends to it, but only a later one says so. */
  let isOthers = start.lastNumber > 0;
  let closing: Promise<void> | undefined;
  let failure: { error: LogUnavailableError; count: number; retryAt: number } | undefined;

  /** The segment to append `bytes` to: the open one if they fit, else a new one. */
  async function segmentFor(bytes: number): Promise<SegmentWriter> {
    const isFull = segment && segment.size() > HEADER_BYTES && segment.size() + bytes > segmentBytes;
    if (segment && (isFull || now() - segment.createdAt > segmentAgeMs)) await leaveSegment();
    if (!segment) {
      number++;
      const path = segmentPath(folder, number);
      segment = await createSegment({ disk, folder, path, spoolId: start.id, number, createdAt: now() });
      isOthers = false;
      room.grow(HEADER_BYTES, 1);
    }
    return segment;
  }

  async function leaveSegment(): Promise<void> {
    const left = segment;
    segment = undefined;
    // Everything in it is synced already; a failed close takes nothing back.
    await left?.close().catch(() => {});
  }

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const append of waiting) {
      bytes += append.bytes + FRAME_HEADER_BYTES;
      if (rotations[0] && append.number > rotations[0].after) break;
      if (count > 0 && bytes > Math.min(MAX_GROUP_BYTES, segmentBytes)) break;
      count++;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const bytes = group.reduce((sum, append) => sum + append.bytes + FRAME_HEADER_BYTES, 0);
    await room.claim(bytes);
    await (await segmentFor(bytes)).append(group.map((append) => append.parts));
    room.grow(bytes, 0);
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0 || rotations.length > 0) {
      const group = takeGroup();
      if (group.length === 0) await rotateNow();
      else await finish(group);
    }
  }

  async function finish(group: readonly Waiting[]): Promise<void> {
    try {
      if (failure && failure.retryAt > now()) throw failure.error;
      await commit(group);
      failure = undefined;
      for (const append of group) append.resolve();
    } catch (error) {
      const unavailable = await giveUp(error);
      for (const append of group) append.reject(unavailable);
    }
    for (const { bytes } of group) waitingBytes -= bytes;
  }

  /** The newest segment is left for a new one, which is made at once: its number says that the one before is finished. */
  async function rotateNow(): Promise<void> {
    if (segment || isOthers) {
      await leaveSegment();
      await segmentFor(0).catch(giveUp);
    }
    rotations.shift()?.resolve();
  }

  /** After a failed write or sync nobody knows what is on the disk: the segment is left for good. */
  async function giveUp(error: unknown): Promise<LogUnavailableError> {
    if (error instanceof LogUnavailableError) return error;
    await leaveSegment();
    const message = `the spool cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    const count = (failure?.count ?? 0) + 1;
    // The first failure is followed up at once; if they go on, a pause keeps them from littering the folder.
    const pauseMs = count === 1 ? 0 : Math.min(MAX_PAUSE_MS, 100 * 2 ** Math.min(count, 10));
    const code = DISK_FULL.has((error as NodeJS.ErrnoException).code ?? '') ? 'log_full' : 'log_failed';
    const unavailable = new LogUnavailableError(code, message, Math.max(RETRY_MS, pauseMs));
    failure = { error: unavailable, count, retryAt: now() + pauseMs };
    return unavailable;
  }

  function wake(): void {
    draining ??= Promise.resolve()
      .then(drain)
      .finally(() => {
        draining = undefined;
        if (waiting.length > 0 || rotations.length > 0) wake();
      });
  }

  /** Looks whether a disk that failed works again, for whoever waits for `writable` before they append. */
  async function probe(): Promise<void> {
    await room.measure().catch(() => {});
    if (!failure || failure.retryAt > now() || draining || closing) return;
    draining = segmentFor(0)
      .then(() => {
        failure = undefined;
      }, giveUp)
      .then(() => {
        draining = undefined;
        if (waiting.length > 0 || rotations.length > 0) wake();
      });
  }

  async function shutDown(): Promise<void> {
    while (draining) await draining;
    await leaveSegment();
    await lock.release();
  }

  return {
    id: start.id,
    async append(record) {
      if (closing) throw new LogUnavailableError('log_closed', 'the spool is closed', RETRY_MS);
      const parts = encodeRecord(record);
      const bytes = byteLength(parts);
      if (bytes > MAX_PAYLOAD_BYTES) {
        throw new RangeError(`a record has ${bytes} bytes, at most ${MAX_PAYLOAD_BYTES} are possible`);
      }
      if (waitingBytes + bytes > queueBytes && waitingBytes > 0) {
        throw new LogUnavailableError(
          'log_full',
          `${waitingBytes} bytes wait for the disk already`,
          RETRY_MS,
        );
      }
      waitingBytes += bytes;
      await new Promise<void>((resolve, reject) => {
        waiting.push({ number: ++appended, parts, bytes, resolve, reject });
        wake();
      });
    },
    status() {
      if (room.isStale()) void probe();
      const { bytes, segments, quarantined } = room.usage();
      const reason = closing ? 'the spool is closed' : (failure?.error.message ?? room.shortage());
      return {
        writable: reason === undefined,
        ...(reason && { reason }),
        bytes,
        quotaBytes,
        segments,
        quarantined,
      };
    },
    async rotate() {
      if (closing) return;
      await new Promise<void>((resolve) => {
        rotations.push({ after: appended, resolve });
        wake();
      });
    },
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

async function recover(
  folder: string,
  disk: SpoolDisk,
  measure: () => Promise<void>,
): Promise<{ id: string; lastNumber: number }> {
  const id = await ensureSpoolId(folder, disk);
  const lastNumber = (await listSegments(folder)).at(-1) ?? 0;
  if (lastNumber > 0) await cutTornTail(folder, id, lastNumber);
  await measure();
  return { id, lastNumber };
}
