import { randomUUID } from 'node:crypto';
import type { KafkaConnection } from '../kafka-connection.ts';
import { openKafka } from '../kafkajs-client.ts';
import type { ReceivedMessage } from '../message.ts';

/** For tests: a message as it stands in a topic. */
export interface StoredMessage extends ReceivedMessage {
  partition: number;
  offset: number;
  /** Unix milliseconds, as the topic says. */
  timestamp: number;
}

/** For tests: everything that a topic holds now. */
export async function readTopic(connection: KafkaConnection, topic: string): Promise<StoredMessage[]> {
  const kafka = openKafka(connection, 10_000);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const missing = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
  for (const [partition, high] of missing) if (high === 0) missing.delete(partition);
  const found: StoredMessage[] = [];
  if (missing.size === 0) return found;
  const consumer = kafka.consumer({
    groupId: `test-${randomUUID()}`,
    // A consumer is gone only once what it asked for is answered, which takes this long at the end of a topic.
    maxWaitTimeInMs: 100,
    retry: { retries: 50, initialRetryTime: 100, multiplier: 1, maxRetryTime: 300 },
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        // A coordinator that is still loading is one of the errors that it starts again after.
        if (!payload.restart) reject(payload.error);
      });
      const run = consumer.run({
        eachMessage: async ({ partition, message }) => {
          const offset = Number(message.offset);
          const { value, headers, timestamp } = message;
          found.push({ partition, offset, timestamp: Number(timestamp), value, headers });
          if (offset + 1 >= (missing.get(partition) ?? 0)) missing.delete(partition);
          if (missing.size === 0) resolve();
        },
      });
      run.catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
}
