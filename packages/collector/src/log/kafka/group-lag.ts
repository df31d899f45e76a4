import type { KafkaConnection } from './kafka-connection.ts';
import { openKafka } from './kafkajs-client.ts';

/** How far a consumer group is behind in one topic. */
export interface GroupLag {
  topic: string;
  /** Whether the group has committed an offset in any partition. */
  started: boolean;
  /** Messages from what it has committed, or from the oldest that is kept, to the end. */
  behind: number;
}

const TIMEOUT_MS = 5_000;

/**
 * How far a consumer group is behind, as the brokers see it; topics that are not there are left out.
 * Rejects when no broker answers within some seconds.
 */
export async function groupLag(
  connection: KafkaConnection,
  { groupId, topics }: { groupId: string; topics: readonly string[] },
): Promise<GroupLag[]> {
  const admin = openKafka(connection, TIMEOUT_MS).admin();
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    const there = topics.filter((topic) => known.has(topic));
    const committed = await admin.fetchOffsets({ groupId, topics: there });
    return await Promise.all(
      there.map(async (topic): Promise<GroupLag> => {
        const offsets = committed.find((one) => one.topic === topic)?.partitions ?? [];
        const at = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
        const ends = await admin.fetchTopicOffsets(topic);
        const behind = ends.map(({ partition, low, high }) => {
          return Number(high) - Math.max(Number(low), at.get(partition) ?? 0);
        });
        return {
          topic,
          started: [...at.values()].some((offset) => offset >= 0),
          behind: behind.reduce((sum, lag) => sum + lag, 0),
        };
      }),
    );
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
