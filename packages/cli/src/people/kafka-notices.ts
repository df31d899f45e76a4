import { type KafkaConnection, readTopicConfigs } from '@millrace/collector';

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
  return topics.map(({ topic, retentionMs }) =>
    retentionMs < 0
      ? `the topic ${topic} holds the events for ever: give it a retention.ms`
      : `the topic ${topic} holds the events for ${Math.round((retentionMs / DAY_MS) * 10) / 10} days after they came; loaders do not load them again`,
  );
}
