import type { Kafka } from 'kafkajs';
import { KafkaSendError, type TopicSettings, within } from './kafka-sender.ts';

const WEEK_MS = 7 * 86_400_000;

/** How many partitions each of the topics has; creates those that are missing, if told how. Always by kafkajs. */
export async function topicPartitions(
  kafka: Kafka,
  topics: readonly string[],
  { create, timeoutMs }: { create: TopicSettings | undefined; timeoutMs: number },
): Promise<Map<string, number>> {
  const admin = kafka.admin();
  try {
    await within(admin.connect(), timeoutMs);
    const known = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !known.has(topic));
    if (create && missing.length > 0) {
      const { brokers } = await admin.describeCluster();
      await admin.createTopics({
        waitForLeaders: true,
        timeout: timeoutMs,
        topics: missing.map((topic) => topicOf(topic, create, brokers.length)),
      });
    }
    const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
    return new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  } catch (error) {
    throw new KafkaSendError(error);
  } finally {
    void admin.disconnect().catch(() => {});
  }
}

function topicOf(topic: string, { partitions, replication }: TopicSettings, brokers: number) {
  const copies = replication ?? Math.min(3, brokers);
  return {
    topic,
    numPartitions: partitions,
    replicationFactor: copies,
    configEntries: [
      { name: 'min.insync.replicas', value: String(copies > 1 ? copies - 1 : 1) },
      { name: 'unclean.leader.election.enable', value: 'false' },
      // By the broker's clock. By ours, one that is an hour ahead would have everything refused, and one that is a
      // week behind would have records removed as too old before they are loaded.
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
      { name: 'retention.ms', value: String(WEEK_MS) },
      { name: 'retention.bytes', value: '-1' },
    ],
  };
}
