import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { EVENTS_TOPIC, REJECTED_TOPIC } from '../../log/kafka/message.ts';
import type { Logger } from '../../logger.ts';
import type { ComparedLog } from '../compare-warehouse.ts';
import { initialState } from '../loader-state.ts';
import { type ConsumerGroup, createConsumerGroup, type TopicPartition } from './consumer-group.ts';
import { decodeMetadata } from './offset-metadata.ts';
import { createPartitionReader, type PartitionReader } from './partition-reader.ts';
import { readUpTo } from './read-up-to.ts';
import { partitionLogId } from './stored-messages.ts';

const TOPICS = [EVENTS_TOPIC, REJECTED_TOPIC];
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Every partition of both topics as a log, one after another, with how far the loaders' group has loaded it. It is
 * read as a group of its own, which commits nothing. A partition of which Kafka does not know how far it is
 * loaded is left out, and said.
 */
export async function* topicLogs(kafka: Kafka, loaders: string, logger: Logger): AsyncGenerator<ComparedLog> {
  let current: { of: TopicPartition; reader: PartitionReader } | undefined;
  const isCurrent = ({ topic, partition }: TopicPartition) =>
    current?.of.topic === topic && current.of.partition === partition;
  const group = createConsumerGroup({
    kafka,
    groupId: `${loaders}-reconcile-${randomUUID()}`,
    topics: TOPICS,
    sessionTimeoutMs: 10_000,
    metadataMaxAgeMs: 300_000,
  });
  const admin = kafka.admin({ retry: { retries: 5 } });

  function join(): Promise<TopicPartition[]> {
    return new Promise((resolve, reject) => {
      const handlers: Parameters<ConsumerGroup['start']>[0] = {
        joined(all) {
          for (const of of all) if (!isCurrent(of)) group.pause(of);
          resolve(all);
        },
        left() {},
        failed: reject,
        fetched(of, batch) {
          if (isCurrent(of)) current?.reader.offer(batch);
        },
      };
      group.start(handlers).catch(reject);
    });
  }

  function open(of: TopicPartition, start: number): PartitionReader {
    const reader = createPartitionReader({
      ...of,
      start,
      maxBytes: MAX_BYTES,
      logger,
      feed: {
        seek: (offset) => group.seek(of, offset),
        pause: () => group.pause(of),
        resume: () => group.resume(of),
        firstOffset: async () => (await group.bounds(of)).first,
      },
    });
    current = { of, reader };
    group.resume(of);
    group.seek(of, start);
    return reader;
  }

  try {
    await admin.connect();
    if (!(await group.isReady())) return;
    for (const of of await join()) {
      const [found] = await admin.fetchOffsets({ groupId: loaders, topics: [of.topic] });
      const committed = found?.partitions.find(({ partition }) => partition === of.partition);
      const offset = Number(committed?.offset ?? -1);
      const { first, end } = await group.bounds(of);
      if (offset < 0) {
        if (end > first)
          logger.warn('Kafka does not know how far a partition is loaded; it is not compared', { ...of });
        continue;
      }
      const logId = partitionLogId(of.topic, of.partition);
      const state =
        decodeMetadata(committed?.metadata ?? '', logId, offset) ?? initialState({ logId, offset });
      yield { state, reader: readUpTo(open(of, first), offset) };
      group.pause(of);
    }
  } finally {
    await Promise.all([group.stop(), admin.disconnect()]);
  }
}
