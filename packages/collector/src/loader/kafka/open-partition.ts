import type { Logger } from '../../logger.ts';
import { initialState, type LoaderState } from '../loader-state.ts';
import type { LoaderWarehouse } from '../loader-warehouse.ts';
import type { Retrier } from '../retrier.ts';
import type { ConsumerGroup, TopicPartition } from './consumer-group.ts';
import { decodeMetadata } from './offset-metadata.ts';
import { partitionLogId } from './stored-messages.ts';

export interface OpenPartitionPorts {
  group: Pick<ConsumerGroup, 'committed' | 'bounds'>;
  warehouse: LoaderWarehouse;
  kafka: Retrier;
  questions: Retrier;
  clock: () => number;
  logger: Logger;
  /** The greatest number of messages in a chunk. */
  chunkRows: number;
}

/** How long collectors may go on with the number of partitions that a topic had, milliseconds. */
const OLD_NUMBER_MS = 120_000;

/**
 * Where ids go depends on the number of partitions. While that changes, some collectors know the old one and some the
 * new, so an event and its retry may meet in different partitions, either first.
 */
function grown(partitions: number, now: number): Pick<LoaderState, 'partitions' | 'lookUpMadeBefore'> {
  return { partitions, lookUpMadeBefore: now + OLD_NUMBER_MS };
}

/**
 * The state to go on from. Where Kafka has forgotten it, the warehouse knows how far the partition was loaded;
 * only the last chunk before that may be there in part, and what comes from there on is compared.
 */
export async function openPartition(of: TopicPartition, ports: OpenPartitionPorts): Promise<LoaderState> {
  const { group, warehouse, kafka, questions, clock, logger, chunkRows } = ports;
  const logId = partitionLogId(of.topic, of.partition);
  const committed = await kafka.persist(() => group.committed(of));
  const { first, partitions } = await kafka.persist(() => group.bounds(of));
  const newest = await questions.persist(() => warehouse.newestReceivedAt());
  const saved = committed && decodeMetadata(committed.metadata, logId, committed.offset);
  // Ids of other partitions count too, should the number of partitions have changed.
  if (saved) {
    const known = { ...saved, newestReceivedAt: Math.max(saved.newestReceivedAt, newest) };
    return saved.partitions === partitions ? known : { ...known, ...grown(partitions, clock()) };
  }

  const last = await questions.persist(() => warehouse.lastOffset(logId));
  const begin = committed?.offset ?? (last === null ? first : last - chunkRows);
  const offset = Math.max(first, begin);
  if (last !== null)
    logger.warn('Kafka does not know how far a partition was loaded; comparing', { logId, offset });
  return {
    ...initialState({ logId, offset }),
    ...grown(partitions, clock()),
    newestReceivedAt: newest,
    compareReceivedBefore: last === null && !committed ? 0 : Math.max(newest + 1, clock()),
  };
}
