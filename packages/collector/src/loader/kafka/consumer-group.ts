import { type Admin, type Consumer, type EachBatchPayload, type Kafka, PartitionAssigners } from 'kafkajs';
import type { FetchedBatch } from './partition-reader.ts';

/** The consumer group that all loaders are members of. */
export const LOADER_GROUP = 'millrace-loader';

/** A partition of a topic. */
export interface TopicPartition {
  topic: string;
  partition: number;
}

/** Where the group stands in a partition. */
interface CommittedOffset {
  offset: number;
  metadata: string;
}

interface GroupHandlers {
  /** These partitions are ours, until `left`. */
  joined(partitions: TopicPartition[]): void;
  /** None is ours any more, or soon: called before this member asks for a new assignment, and when it crashes. */
  left(): void;
  /** May come at any time, for any partition. */
  fetched(from: TopicPartition, batch: FetchedBatch, highWatermark: number): void;
  /** The consumer ended for good. */
  failed(error: Error): void;
}

/** This process as a member of the loaders' group. It commits nothing by itself. */
export interface ConsumerGroup {
  /** True once there are all topics, and a broker that coordinates the group. Rejects while no broker answers. */
  isReady(): Promise<boolean>;
  start(handlers: GroupHandlers): Promise<void>;
  /** Where the group stands; null if it never committed, or Kafka forgot it. */
  committed(of: TopicPartition): Promise<CommittedOffset | null>;
  /**
   * Resolves once the broker acknowledged it. Rejects with FencedError if this member's generation is over.
   * To be called only while the assignment of `joined` holds, which the caller checks in the same tick: the
   * request carries the generation of that moment.
   */
  commit(of: TopicPartition, committed: CommittedOffset): Promise<void>;
  /** The offsets of the first message that is kept and of the next to come, and how many partitions the topic has. */
  bounds(of: TopicPartition): Promise<{ first: number; end: number; partitions: number }>;
  seek(of: TopicPartition, offset: number): void;
  pause(of: TopicPartition): void;
  resume(of: TopicPartition): void;
  stop(): Promise<void>;
}

/** The partition is no longer ours: nothing of what was to be written down was. */
export class FencedError extends Error {
  override readonly name = 'FencedError' as const;
  readonly code = 'fenced' as const;
}

const FENCED = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

export interface ConsumerGroupOptions {
  kafka: Kafka;
  groupId: string;
  topics: string[];
  /** After this time without a sign of life a member's partitions go to the others, in milliseconds. */
  sessionTimeoutMs: number;
  /** How old the list of partitions may become, in milliseconds. */
  metadataMaxAgeMs: number;
}

/** The only file that knows how kafkajs consumes. */
export function createConsumerGroup(options: ConsumerGroupOptions): ConsumerGroup {
  const { kafka, groupId, topics, sessionTimeoutMs, metadataMaxAgeMs } = options;
  let admin = kafka.admin({ retry: { retries: 5 } });
  let consumer: Consumer | undefined;
  let commitOffsets: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;

  function createConsumer(handlers: GroupHandlers): Consumer {
    return kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.min(1000, sessionTimeoutMs / 4),
      maxWaitTimeInMs: 250,
      maxBytesPerPartition: 1024 * 1024,
      metadataMaxAge: metadataMaxAgeMs,
      allowAutoTopicCreation: false,
      retry: { retries: 5, initialRetryTime: 200, maxRetryTime: 2000 },
      partitionAssigners: [
        (config) => {
          const assigner = PartitionAssigners.roundRobin(config);
          return {
            ...assigner,
            // kafkajs says that it rebalances in some cases only, but it asks for this before every join.
            protocol(subscription) {
              commitOffsets = undefined;
              handlers.left();
              return assigner.protocol(subscription);
            },
          };
        },
      ],
    });
  }

  /**
   * Asks Kafka on a connection that is thrown away when it fails: kafkajs' own keeps leaders and partitions as it first
   * saw them for minutes, by a clock that may be set back, and does not look again when a leader says that it is none.
   */
  async function ask<T>(question: (asked: Admin) => Promise<T>): Promise<T> {
    const asked = admin;
    try {
      return await question(asked);
    } catch (error) {
      if (asked === admin) {
        admin = kafka.admin({ retry: { retries: 5 } });
        void asked.disconnect().catch(() => {});
        await admin.connect();
      }
      throw error;
    }
  }

  return {
    async isReady() {
      await admin.connect();
      return ask(async (asked) => {
        const known = new Set(await asked.listTopics());
        if (!topics.every((topic) => known.has(topic))) return false;
        // A fresh broker makes its topic of offsets at the first question; a consumer that joins meanwhile gives up.
        await asked.fetchOffsets({ groupId, topics });
        return true;
      });
    },

    async start(handlers) {
      const started = createConsumer(handlers);
      consumer = started;
      started.on(started.events.GROUP_JOIN, ({ payload }) => {
        handlers.joined(
          Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
            partitions.map((partition) => ({ topic, partition })),
          ),
        );
      });
      started.on(started.events.CRASH, ({ payload }) => {
        handlers.left();
        if (!payload.restart) handlers.failed(payload.error);
      });
      await started.connect();
      await started.subscribe({ topics, fromBeginning: true });
      await started.run({
        autoCommit: false,
        async eachBatch(payload) {
          // Unlike the consumer's own way to commit it does not try again: that would be under whatever
          // generation there is by then, and it says nothing if the consumer has stopped.
          commitOffsets = payload.commitOffsetsIfNecessary;
          const { topic, partition, highWatermark } = payload.batch;
          handlers.fetched({ topic, partition }, fetchedBatch(payload.batch), Number(highWatermark));
        },
      });
    },

    async committed({ topic, partition }) {
      const [found] = await ask((asked) => asked.fetchOffsets({ groupId, topics: [topic] }));
      const of = found?.partitions.find((one) => one.partition === partition);
      if (!of || Number(of.offset) < 0) return null;
      return { offset: Number(of.offset), metadata: of.metadata ?? '' };
    },

    async commit({ topic, partition }, { offset, metadata }) {
      if (!commitOffsets) throw new Error('nothing was fetched since the group was joined');
      const partitions = [{ partition, offset: String(offset), metadata }];
      try {
        await commitOffsets({ topics: [{ topic, partitions }] });
      } catch (error) {
        const { type, message } = error as { type?: string; message: string };
        if (type !== undefined && FENCED.has(type)) throw new FencedError(message);
        throw error;
      }
    },

    async bounds({ topic, partition }) {
      return ask(async (asked) => {
        const all = await asked.fetchTopicOffsets(topic);
        const found = all.find((one) => one.partition === partition);
        if (!found) throw new Error(`${topic} has no partition ${partition}`);
        return { first: Number(found.low), end: Number(found.high), partitions: all.length };
      });
    },

    seek: (of, offset) => consumer?.seek({ ...of, offset: String(offset) }),
    pause: ({ topic, partition }) => consumer?.pause([{ topic, partitions: [partition] }]),
    resume: ({ topic, partition }) => consumer?.resume([{ topic, partitions: [partition] }]),

    async stop() {
      await consumer?.disconnect();
      await admin.disconnect();
    },
  };
}

// What kafkajs knows and does not type: the offset that was asked for.
type Batch = EachBatchPayload['batch'] & { fetchedOffset: string };

function fetchedBatch(batch: EachBatchPayload['batch']): FetchedBatch {
  return {
    fetchedOffset: Number((batch as Batch).fetchedOffset),
    lastOffset: Number(batch.lastOffset()),
    messages: batch.messages.map(({ offset, timestamp, value, headers }) => {
      return { offset: Number(offset), timestamp: Number(timestamp), value, headers };
    }),
  };
}
