import { setTimeout } from 'node:timers/promises';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import type { KafkaConnection } from '../../log/kafka/kafka-connection.ts';
import { openKafka } from '../../log/kafka/kafkajs-client.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from '../../log/kafka/message.ts';
import { createClickHouseWarehouse } from '../click-house-warehouse.ts';
import type { Loader, LoaderOptions, LoaderStatus } from '../loader-options.ts';
import type { LoaderWarehouse } from '../loader-warehouse.ts';
import { createRetrier, StoppedError } from '../retrier.ts';
import {
  type ConsumerGroup,
  createConsumerGroup,
  LOADER_GROUP,
  type TopicPartition,
} from './consumer-group.ts';
import { loadPartition, type PartitionLoad } from './load-partition.ts';
import { shareWarehouse } from './shared-warehouse.ts';
import { partitionLogId } from './stored-messages.ts';
import { type PartitionStatus, summarize } from './summarize.ts';

export interface KafkaLoaderOptions
  extends Pick<
    LoaderOptions,
    'limits' | 'rememberedIds' | 'retryMs' | 'clock' | 'logger' | 'onChunk' | 'faults'
  > {
  connection: KafkaConnection;
  /** With room for twice as many connections as inserts run at a time, which are four, and some more for queries. */
  client: WarehouseClient;
  /** @default 'millrace-loader' */
  groupId?: string;
  /** After this time without a sign of life a loader's partitions go to the others, in milliseconds. @default 10000 */
  sessionTimeoutMs?: number;
  /** After this time a topic that grew is noticed, in milliseconds. @default 30000 */
  metadataMaxAgeMs?: number;
  /** Wraps what fills the tables, to measure it. */
  measure?: (warehouse: LoaderWarehouse) => LoaderWarehouse;
}

/** What the loader does, and every partition that it has. */
export interface KafkaLoaderStatus extends LoaderStatus {
  partitions: PartitionStatus[];
}

export interface KafkaLoader extends Omit<Loader, 'status'> {
  status(): KafkaLoaderStatus;
}

// Many partitions share the inserts, and each wants its chunks large rather than many.
const DEFAULT_LIMITS = { rows: 20_000, bytes: 8 * 1024 * 1024, ageMs: 400 };
const DEFAULT_RETRY_MS = { first: 100, longest: 5000 };
const DEFAULT_REMEMBERED_IDS = 300_000;
const INSERTS_AT_A_TIME = 4;
const BUFFERED_BYTES = 128 * 1024 * 1024;
const LEAST_BUFFERED_BYTES = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
const POLL_MS = 50;

/** Partitions of one assignment. */
interface Session {
  ending: AbortController;
  loads: Map<string, { of: TopicPartition; load: PartitionLoad }>;
}

/**
 * Moves events from Kafka into the warehouse, each exactly once, as one of the loaders of a group. `run` waits
 * for brokers that are away and topics that are not made yet; it rejects if it cannot go on, and may then be called on a new loader. `drain` looks at this loader's partitions only.
 */
export function createKafkaLoader(options: KafkaLoaderOptions): KafkaLoader {
  const { connection, client, logger, measure = (warehouse) => warehouse } = options;
  const clock = options.clock ?? Date.now;
  const retryMs = options.retryMs ?? DEFAULT_RETRY_MS;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const rememberedIds = options.rememberedIds ?? DEFAULT_REMEMBERED_IDS;
  const { groupId = LOADER_GROUP, sessionTimeoutMs = 10_000, metadataMaxAgeMs = 30_000 } = options;
  const topics = [EVENTS_TOPIC, REJECTED_TOPIC];
  const consumers = createConsumerGroup({
    kafka: openKafka(connection, REQUEST_TIMEOUT_MS),
    groupId,
    topics,
    sessionTimeoutMs,
    metadataMaxAgeMs,
  });
  const group: ConsumerGroup = {
    ...consumers,
    async bounds(of) {
      const bounds = await consumers.bounds(of);
      // Kafka tells of an end with every batch, but none comes of an empty partition.
      ends.set(partitionLogId(of.topic, of.partition), bounds.end);
      return bounds;
    },
  };
  const startedAt = clock();
  const ends = new Map<string, number>();
  const ended = new Map<string, Promise<void>>();
  let session: Session | null = null;
  let isRunning = false;

  function begin(partitions: TopicPartition[], stopping: AbortSignal, fail: (error: unknown) => void): void {
    // Where there are several brokers, kafkajs may join twice at the same time, and then says so twice in a row.
    leave();
    const ending = new AbortController();
    const own: Session = { ending, loads: new Map() };
    const warehouse = shareWarehouse({
      warehouse: measure(createClickHouseWarehouse(client)),
      client,
      inserts: INSERTS_AT_A_TIME,
      signal: ending.signal,
    });
    const share = Math.max(1, partitions.filter(({ topic }) => topic !== REJECTED_TOPIC).length);
    session = own;
    for (const of of partitions) {
      const logId = partitionLogId(of.topic, of.partition);
      const before = ended.get(logId) ?? Promise.resolve();
      const run = before.then(async () => {
        if (ending.signal.aborted) return;
        const load = loadPartition({
          ...options,
          of,
          group,
          warehouse,
          limits,
          clock,
          retryMs,
          rememberedIds: of.topic === REJECTED_TOPIC ? 0 : Math.ceil(rememberedIds / share),
          maxBytes: Math.max(LEAST_BUFFERED_BYTES, BUFFERED_BYTES / partitions.length),
          signal: AbortSignal.any([ending.signal, stopping]),
          isOurs: () => session === own,
        });
        own.loads.set(logId, { of, load });
        await load.ended;
      });
      ended.set(
        logId,
        run.catch((error: unknown) => fail(error)),
      );
    }
  }

  // The partitions' loads end by themselves; each is waited for before the same partition is loaded again.
  function leave(): void {
    session?.ending.abort();
    session = null;
  }

  function status(): KafkaLoaderStatus {
    const loads = [...(session?.loads.entries() ?? [])];
    const partitions = loads.map(([logId, { of, load }]): PartitionStatus => {
      const { checkpoint, ...rest } = load.status();
      const end = ends.get(logId) ?? null;
      const loaded = checkpoint?.offset ?? null;
      return {
        ...of,
        ...rest,
        loaded,
        end,
        lag: end === null || loaded === null ? null : Math.max(0, end - loaded),
      };
    });
    const fallback = isRunning ? 'starting' : 'stopped';
    return { ...summarize(partitions, fallback, startedAt), partitions };
  }

  return {
    async run(signal) {
      isRunning = true;
      try {
        await new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
          if (signal.aborted) resolve();
          const handlers = {
            joined: (partitions: TopicPartition[]) => begin(partitions, signal, reject),
            left: leave,
            failed: reject,
            fetched(of: TopicPartition, batch: Parameters<PartitionLoad['offer']>[0], highWatermark: number) {
              const logId = partitionLogId(of.topic, of.partition);
              ends.set(logId, highWatermark);
              session?.loads.get(logId)?.load.offer(batch);
            },
          };
          const { first: baseMs, longest: capMs } = retryMs;
          const kafka = createRetrier({ subject: 'Kafka', signal, clock, logger, baseMs, capMs });
          kafka
            .until(() => group.isReady())
            .then(() => group.start(handlers))
            .catch((error: unknown) => (error instanceof StoppedError ? resolve() : reject(error)));
        });
        // What is under way is finished and committed while the group still knows us.
        await Promise.all(ended.values());
      } finally {
        leave();
        isRunning = false;
        await group
          .stop()
          .catch((error: Error) => logger.warn('Kafka was left in disorder', { reason: error.message }));
      }
    },
    status,
    async drain() {
      const seen = session;
      if (!seen) return false;
      const targets = new Map<string, number>();
      try {
        for (const [logId, { of }] of seen.loads) targets.set(logId, (await group.bounds(of)).end);
      } catch {
        return false;
      }
      const isLoaded = ({ topic, partition, loaded }: PartitionStatus) =>
        (loaded ?? -1) >= (targets.get(partitionLogId(topic, partition)) ?? 0);
      while (session === seen && isRunning) {
        if (status().partitions.every(isLoaded)) return true;
        await setTimeout(POLL_MS);
      }
      return false;
    },
  };
}
