import type { KafkaConnection } from '../../log/kafka/kafka-connection.ts';
import { openKafka } from '../../log/kafka/kafkajs-client.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from '../../log/kafka/message.ts';
import { LOADER_GROUP } from './consumer-group.ts';

/** How far the loaders are behind in one partition, as Kafka knows it; no loader is asked. */
export interface PartitionLag {
  topic: string;
  partition: number;
  /** Everything before it is loaded; null if the group never committed, or Kafka forgot it. */
  committed: number | null;
  /** The offset of the next message to come. */
  end: number;
  /** Messages that are kept and not loaded. */
  lag: number;
  /** The oldest of them waits for at least this long, milliseconds; null if it came within the last seconds, or there is none. */
  waitsForMs: number | null;
}

const REQUEST_TIMEOUT_MS = 5000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Kafka finds the first message after a time, not the time of a message. */
const AGES_MS = [
  5 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  6 * HOUR,
  24 * HOUR,
  72 * HOUR,
];

/** The lag of every partition of both topics; rejects if no broker answers or a topic is not there yet. */
export async function readKafkaLag(
  connection: KafkaConnection,
  { groupId = LOADER_GROUP, clock = Date.now }: { groupId?: string; clock?: () => number } = {},
): Promise<PartitionLag[]> {
  const admin = openKafka(connection, REQUEST_TIMEOUT_MS).admin({ retry: { retries: 5 } });

  async function lagOf(topic: string): Promise<PartitionLag[]> {
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = new Map(group?.partitions.map((one) => [one.partition, Number(one.offset)]));
    const found = (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }): PartitionLag => {
      const offset = committed.get(partition) ?? -1;
      const end = Number(high);
      const next = Math.max(offset, Number(low));
      const lag = Math.max(0, end - next);
      return { topic, partition, committed: offset < 0 ? null : offset, end, lag, waitsForMs: null };
    });
    const now = clock();
    for (const age of AGES_MS) {
      if (!found.some(({ lag }) => lag > 0)) break;
      for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topic, now - age)) {
        const one = found.find((other) => other.partition === partition);
        // The first message that is younger stands behind the one that waits.
        if (one && one.lag > 0 && Number(offset) > one.end - one.lag) one.waitsForMs = age;
      }
    }
    return found.sort((a, b) => a.partition - b.partition);
  }

  try {
    await admin.connect();
    return [...(await lagOf(EVENTS_TOPIC)), ...(await lagOf(REJECTED_TOPIC))];
  } finally {
    await admin.disconnect();
  }
}
