import type { LoaderOptions, LoaderStatus } from '../loader-options.ts';
import type { LoaderState } from '../loader-state.ts';
import { createRetrier } from '../retrier.ts';
import { runLoader } from '../run-loader.ts';
import { createStatusKeeper } from '../status-keeper.ts';
import { type ConsumerGroup, FencedError, type TopicPartition } from './consumer-group.ts';
import { encodeMetadata } from './offset-metadata.ts';
import { openPartition } from './open-partition.ts';
import { createPartitionReader, type FetchedBatch } from './partition-reader.ts';

export interface LoadPartitionOptions
  extends Required<Pick<LoaderOptions, 'warehouse' | 'logger' | 'clock' | 'retryMs' | 'rememberedIds'>> {
  of: TopicPartition;
  group: ConsumerGroup;
  limits: NonNullable<Required<LoaderOptions['limits']>>;
  onChunk?: LoaderOptions['onChunk'] | undefined;
  faults?: LoaderOptions['faults'] | undefined;
  /** How much of the partition is kept in memory. */
  maxBytes: number;
  /** Aborted as soon as the partition may belong to someone else, and when the loader stops. */
  signal: AbortSignal;
  /** False as soon as the partition may belong to someone else. */
  isOurs(): boolean;
}

/** A partition that is being loaded. */
export interface PartitionLoad {
  offer(batch: FetchedBatch): void;
  status(): LoaderStatus;
  /** Resolves when it is over: stopped, or given away. Rejects with whatever else ended it. */
  ended: Promise<void>;
}

/**
 * Loads one partition until the signal is aborted. Its state is the metadata of the group's offset: where the
 * broker takes that no more, because the partition is someone else's, nothing further is inserted.
 */
export function loadPartition(options: LoadPartitionOptions): PartitionLoad {
  const { of, group, warehouse, limits, clock, logger, signal, retryMs, maxBytes } = options;
  const { onChunk, faults, rememberedIds } = options;
  const keeper = createStatusKeeper(clock);
  const retries = { signal, clock, logger, baseMs: retryMs.first, capMs: retryMs.longest };
  const kafka = createRetrier({ subject: 'Kafka (offsets)', ...retries });
  let offer: PartitionLoad['offer'] = () => {};

  async function commit(state: LoaderState): Promise<void> {
    const { metadata, isWhole } = encodeMetadata(state);
    if (!isWhole) logger.warn('The pieces of a chunk do not fit beside its offset', { ...of });
    await kafka
      .persist(async () => {
        if (!options.isOurs()) return 'fenced';
        return group.commit(of, { offset: state.checkpoint.offset, metadata }).catch((error: unknown) => {
          if (error instanceof FencedError) return 'fenced';
          throw error;
        });
      })
      .then((outcome) => {
        if (outcome === 'fenced')
          throw new FencedError(`${of.topic} ${of.partition} was given to another loader`);
      });
  }

  async function load(): Promise<void> {
    keeper.report({ state: 'starting' });
    const questions = createRetrier({ subject: 'The warehouse (queries)', ...retries });
    const ports = { group, warehouse, kafka, questions, clock, logger, chunkRows: limits.rows };
    const state = await openPartition(of, ports);
    const reader = createPartitionReader({
      ...of,
      start: state.checkpoint.offset,
      maxBytes,
      logger,
      feed: {
        seek: (offset) => group.seek(of, offset),
        pause: () => group.pause(of),
        resume: () => group.resume(of),
        firstOffset: async () => (await group.bounds(of)).first,
      },
    });
    const stop = () => void reader.close();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return;
    group.resume(of);
    group.seek(of, state.checkpoint.offset);
    offer = reader.offer;
    keeper.report({ checkpoint: state.checkpoint, totals: state.totals });
    try {
      await runLoader({
        options: {
          reader,
          warehouse,
          limits,
          rememberedIds,
          retryMs,
          clock,
          logger,
          ...(onChunk && { onChunk }),
          ...(faults && { faults }),
        },
        signal,
        lock: { isAskedFor: async () => false, yield: async () => {} },
        open: async () => ({ file: { save: commit }, state, isSaved: true }),
        drains: { readBegins: () => 0, foundNothing() {}, add: async () => false, end() {}, open() {} },
        report: keeper.report,
        watchTrouble: (trouble) => keeper.watchTrouble(() => kafka.trouble() ?? trouble()),
      });
    } finally {
      signal.removeEventListener('abort', stop);
      await reader.close();
    }
  }

  const ended = load()
    .catch((error: unknown) => {
      if (!(error instanceof FencedError) && !signal.aborted) throw error;
    })
    .finally(() => {
      offer = () => {};
      keeper.watchTrouble(() => null);
      keeper.report({ state: 'stopped', oldestPendingAt: null });
    });
  // Whoever awaits it later sees the error.
  ended.catch(() => {});
  return { offer: (batch) => offer(batch), status: keeper.status, ended };
}
