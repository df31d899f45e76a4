import type { LogPosition, LogReader } from '../log/event-log.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import { type KnownBefore, type PreparedChunk, prepareChunk } from './prepare-chunk.ts';
import { type ChunkLimits, type RawChunk, readChunk } from './raw-chunk.ts';
import { createSeenRejections } from './repeated-rejections.ts';
import { type Retrier, StoppedError, wait } from './retrier.ts';
import type { SeenIds } from './seen-ids.ts';

export interface ChunkSourceOptions {
  reader: LogReader;
  warehouse: LoaderWarehouse;
  retrier: Retrier;
  seenIds: SeenIds;
  limits: ChunkLimits;
  clock: () => number;
  /** Names a read that begins. */
  readBegins(): number;
  /** Called when a read found nothing; what it returns is waited for. */
  foundNothing(read: number): Promise<void>;
}

/** Reads and prepares chunks, one at a time, ahead of their insert. */
export interface ChunkSource {
  /** The chunk that begins at `from`, once there is one; null once the signal is aborted. */
  next(from: LogPosition, newestBefore: number, signal: AbortSignal): Promise<PreparedChunk | null>;
  /** Prepares records that are read already. */
  prepare(chunk: RawChunk, newestBefore: number): Promise<PreparedChunk>;
}

const LONGEST_WAIT_MS = 500;

export function createChunkSource(options: ChunkSourceOptions): ChunkSource {
  const { reader, warehouse, retrier, seenIds, limits, clock } = options;
  const seenRejections = createSeenRejections();

  async function prepare(chunk: RawChunk, newestBefore: number): Promise<PreparedChunk> {
    const known: KnownBefore = {
      seenIds,
      seenRejections,
      findIds: (ids, receivedAfter) =>
        retrier.persist(() => warehouse.findIds(ids, chunk.start, receivedAfter)),
      findRejections: (rejections, before) =>
        retrier.persist(() => warehouse.findRejections(rejections, before)),
    };
    return prepareChunk(chunk, newestBefore, known);
  }

  async function read(from: LogPosition, signal: AbortSignal): Promise<RawChunk | null> {
    let position = from;
    while (!signal.aborted) {
      const number = options.readBegins();
      const chunk = await readChunk(reader, position, limits, { clock, sleep: (ms) => wait(ms, signal) });
      if (chunk.records.length > 0) return chunk;
      position = chunk.next;
      await options.foundNothing(number);
      await unlessAborted(reader.wait(position, LONGEST_WAIT_MS), signal);
    }
    return null;
  }

  return {
    prepare,
    async next(from, newestBefore, signal) {
      try {
        const chunk = await read(from, signal);
        return chunk && (await prepare(chunk, newestBefore));
      } catch (error) {
        if (error instanceof StoppedError) return null;
        throw error;
      }
    },
  };
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop = () => {};
  const abort = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([promise, abort]).finally(() => signal.removeEventListener('abort', stop));
}
