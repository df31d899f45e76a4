import { stat } from 'node:fs/promises';
import type { LogPosition, LogReader, ReadResult } from '../event-log.ts';
import { collectRecords } from './collect-records.ts';
import { waitForChange } from './folder-change.ts';
import { type Damage, quarantine } from './quarantine.ts';
import { deleteLoaded, type RetentionOptions } from './retention.ts';
import { ignoreMissing, listSegments, parseLogId, segmentLogId, segmentPath } from './segment-files.ts';
import { HEADER_BYTES } from './segment-format.ts';
import { openSegment, type SegmentReader, SpoolReadError } from './segment-reader.ts';
import { nodeDisk, type SpoolDisk } from './spool-disk.ts';
import { readSpoolId } from './spool-id.ts';

export interface SpoolReaderOptions extends RetentionOptions {
  folder: string;
  /** How often `wait` looks where the file system does not tell of changes. @default 50 ms */
  pollMs?: number;
  /** Told of damage the first time it is met; the records around it are read on. */
  onDamage?: (logId: string, damage: Damage) => void;
  disk?: Pick<SpoolDisk, 'sync' | 'syncFolder'>;
}

/** Where an empty spool begins; a position that this spool does not know leads to its first segment. */
const NOWHERE: LogPosition = { logId: 'none-000000000000', offset: 0 };

const RELEASE_INTERVAL_MS = 10_000;

/**
 * Reads the spool in `folder`, which another process may be writing, for one loader.
 *
 * A segment is finished when a later one exists: its writer appends to it no more. An unfinished write at the
 * end of the newest segment is waited for; at the end of a finished one it was never acknowledged, and is
 * skipped. Anything else that is no record is damage: the segment is kept in `quarantine/`, and reading goes
 * on at the next record. What a read between two positions returns depends on the files alone.
 */
export function createSpoolReader(options: SpoolReaderOptions): LogReader {
  const { folder, onDamage, disk = nodeDisk } = options;
  const reported = new Set<string>();
  const closing = new AbortController();
  let spoolId: string | undefined;
  let opened: SegmentReader | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  /** How much of the newest segment was looked at in vain: until it grows there is nothing to read. */
  let awaited: { logId: string; size: number } | undefined;
  let releasedAt = Number.NEGATIVE_INFINITY;
  let releasedNumber = 0;

  /** One at a time: they share the open file. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = turn.then(task);
    turn = result.catch(() => {});
    return result;
  }

  async function idOfSpool(): Promise<string | undefined> {
    spoolId ??= await readSpoolId(folder);
    return spoolId;
  }

  async function startOf(number: number | undefined): Promise<LogPosition> {
    const id = number === undefined ? undefined : await idOfSpool();
    return number === undefined || id === undefined
      ? NOWHERE
      : { logId: segmentLogId(id, number), offset: HEADER_BYTES };
  }

  /** The segment that `from` points into, and the one after it; both may be missing. */
  async function locate(from: LogPosition): Promise<{ number?: number; later?: number }> {
    const numbers = await listSegments(folder);
    const id = numbers.length > 0 ? await idOfSpool() : undefined;
    const place = parseLogId(from);
    const known = place !== undefined && place.spoolId === id ? place.number : 0;
    const later = numbers.find((number) => number > known);
    return { ...(numbers.includes(known) && { number: known }), ...(later !== undefined && { later }) };
  }

  async function open(number: number): Promise<SegmentReader> {
    if (opened?.number === number && (await opened.isCurrent())) return opened;
    await opened?.close();
    opened = undefined;
    opened = await openSegment(folder, (await idOfSpool()) ?? '', number, disk);
    return opened;
  }

  async function setAside(logId: string, number: number, { offset, end }: Damage): Promise<void> {
    const damage = { offset, end };
    const key = `${logId}:${offset}-${end}`;
    if (reported.has(key)) return;
    reported.add(key);
    // A full disk must not keep the loader from draining, which is what frees the disk.
    await quarantine(folder, logId, number, damage).catch(() => reported.delete(key));
    onDamage?.(logId, damage);
  }

  async function read(
    from: LogPosition,
    limit: { rows: number; bytes: number },
    until?: number,
  ): Promise<ReadResult> {
    // Looked up before the size is taken: what a writer appended before it went on is then seen.
    const { number, later } = await locate(from);
    if (number === undefined) {
      if (until !== undefined) {
        throw new SpoolReadError('segment_missing', `${from.logId} is gone, though not all of it was loaded`);
      }
      const next = later === undefined ? from : await startOf(later);
      return { records: [], next, finished: later !== undefined };
    }
    const segment = await open(number);
    return until === undefined ? readOn(segment, from, limit, later) : readUntil(segment, from, until);
  }

  async function readUntil(segment: SegmentReader, from: LogPosition, until: number): Promise<ReadResult> {
    const size = await segment.durableSize(until);
    if (until > size) {
      throw new SpoolReadError('segment_shrunk', `${from.logId} ends at ${size}, before ${until}`);
    }
    const onDamage = (damage: Damage) => setAside(from.logId, segment.number, damage);
    const everything = { rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
    const scan = segment.scan(from.offset, until);
    const { records, tail } = await collectRecords(scan, from.logId, everything, onDamage);
    if (tail && tail.end > tail.offset) await onDamage(tail);
    return { records, next: { logId: from.logId, offset: until }, finished: false };
  }

  async function readOn(
    segment: SegmentReader,
    from: LogPosition,
    limit: { rows: number; bytes: number },
    later: number | undefined,
  ): Promise<ReadResult> {
    const size = await segment.durableSize();
    const onDamage = (damage: Damage) => setAside(from.logId, segment.number, damage);
    const scan = segment.scan(from.offset, size);
    const { records, tail } = await collectRecords(scan, from.logId, limit, onDamage);
    if (tail && later !== undefined) {
      if (!tail.torn) await onDamage(tail);
      return { records, next: await startOf(later), finished: true };
    }
    if (tail) awaited = { logId: from.logId, size };
    const offset = records.at(-1)?.end ?? Math.max(from.offset, HEADER_BYTES);
    return { records, next: { logId: from.logId, offset }, finished: false };
  }

  async function hasMore(from: LogPosition): Promise<boolean> {
    const { number, later } = await locate(from);
    if (number === undefined || later !== undefined) return later !== undefined;
    const { size } = await stat(segmentPath(folder, number)).catch(ignoreMissing({ size: 0 }));
    const seen = awaited?.logId === from.logId ? awaited.size : 0;
    return size > Math.max(from.offset, HEADER_BYTES) && size !== seen;
  }

  return {
    read: (from, limit, until) => inTurn(() => read(from, limit, until)),
    first: async () => startOf((await listSegments(folder))[0]),
    wait: (from, timeoutMs) =>
      waitForChange(folder, () => hasMore(from), timeoutMs, {
        signal: closing.signal,
        ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
      }),
    async release(position) {
      const place = parseLogId(position);
      if (!place || place.spoolId !== (await idOfSpool())) return;
      const now = performance.now();
      if (place.number === releasedNumber && now - releasedAt < RELEASE_INTERVAL_MS) return;
      releasedAt = now;
      releasedNumber = place.number;
      await deleteLoaded(folder, place.number, options);
    },
    async close() {
      closing.abort();
      await inTurn(async () => opened?.close());
    },
  };
}
