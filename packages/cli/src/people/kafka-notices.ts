import { type KafkaConnection, readTopicConfigs, type TopicConfig } from '@millrace/collector';

const DAY_MS = 86_400_000;

/** How long Kafka still holds the events of somebody who was deleted: nothing can be taken out of a topic. */
export async function kafkaNotices(connection: KafkaConnection | undefined): Promise<string[]> {
  if (!connection) return [];
  const topics = await readTopicConfigs(connection).catch((error: Error) => error);
  if (topics instanceof Error) {
    return [
      `Kafka holds the events until its retention ends; how long that is, it does not say: ${topics.message}`,
    ];
  }
  return topics.map(kafkaNotice);
}

/**
 * The same of one topic. Kafka removes a file of messages as a whole, once the newest message in it is past the retention,
 * and appends to a file for as long as `segment.ms` says; so a message may stay for both together.
 */
export function kafkaNotice({ topic, retentionMs, segmentMs, cleanupPolicy }: TopicConfig): string {
  if (retentionMs < 0 || !cleanupPolicy.includes('delete'))
    return `the topic ${topic} holds the events for ever: give it a retention.ms, and cleanup.policy=delete`;
  return `the topic ${topic} holds the events for ${days(retentionMs)} to ${days(retentionMs + segmentMs)} days after they came (retention.ms, and segment.ms more); loaders do not load them again`;
}

function days(ms: number): number {
  return Math.round((ms / DAY_MS) * 10) / 10;
}
