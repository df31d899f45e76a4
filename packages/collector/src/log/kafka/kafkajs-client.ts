import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.ts';
import {
  closeWithin,
  KafkaSendError,
  type KafkaSender,
  type KafkaSenderOptions,
  type PlacedMessage,
  requireAcknowledged,
  within,
} from './kafka-sender.ts';
import { topicPartitions } from './topic-partitions.ts';

/**
 * Opens kafkajs on a cluster. Its own retries are off: it keeps what brokers answered across them, and when a
 * partition moves from a broker that failed to one that has answered, it resolves without having sent it
 * (2.2.4, sendMessages.js). Who sends again sends everything again; the loader drops what comes twice.
 *
 * Idempotence is off as well: it does not survive its own errors, and message ids do its work.
 */
export function openKafka(connection: KafkaConnection, requestTimeoutMs: number): Kafka {
  const { brokers, tls, sasl } = connection;
  return new Kafka({
    clientId: 'millrace',
    brokers,
    connectionTimeout: Math.min(1000, requestTimeoutMs),
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 200 },
    ...(tls && { ssl: tls.ca === undefined ? true : { ca: [tls.ca] } }),
    ...(sasl && { sasl: saslOf(sasl) }),
    // It prints every failed try as an error of its own, many a second while a broker is away. All of them
    // reach us as rejections, and the log says once that Kafka is away and once that it is back.
    logLevel: logLevel.NOTHING,
  });
}

function saslOf({ mechanism, username, password }: NonNullable<KafkaConnection['sasl']>) {
  if (mechanism === 'plain') return { mechanism, username, password } as const;
  if (mechanism === 'scram-sha-256') return { mechanism, username, password } as const;
  return { mechanism, username, password } as const;
}

/** Connects kafkajs; rejects if no broker answers. */
export async function connectKafkajs(options: KafkaSenderOptions): Promise<KafkaSender> {
  const { connection, requestTimeoutMs, gzip } = options;
  const kafka = openKafka(connection, requestTimeoutMs);
  const producer = kafka.producer({
    retry: { retries: 0 },
    allowAutoTopicCreation: false,
    // Ours are placed already. Its own would hash a key with murmur2, at a third of the cost of a send.
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  try {
    await within(producer.connect(), requestTimeoutMs);
  } catch (error) {
    void producer.disconnect().catch(() => {});
    throw new KafkaSendError(error);
  }

  return {
    partitions: (topics, create) => topicPartitions(kafka, topics, { create, timeoutMs: requestTimeoutMs }),
    async send(messages) {
      const sending = producer.sendBatch({
        acks: -1,
        // The broker gives up on its replicas before we give up on the broker.
        timeout: Math.ceil(requestTimeoutMs * 0.8),
        compression: gzip ? CompressionTypes.GZIP : CompressionTypes.None,
        topicMessages: byTopic(messages),
      });
      const acknowledged = await within(sending, requestTimeoutMs).catch((error) => {
        throw new KafkaSendError(error);
      });
      requireAcknowledged(
        messages,
        acknowledged
          .filter(({ errorCode }) => errorCode === 0)
          .map(({ topicName, partition }) => ({ topic: topicName, partition })),
      );
    },
    close: () => closeWithin(producer.disconnect()),
  };
}

function byTopic(placed: readonly PlacedMessage[]) {
  const topics = new Map<string, ReturnType<typeof toKafka>[]>();
  for (const item of placed) {
    const messages = topics.get(item.topic) ?? [];
    messages.push(toKafka(item));
    topics.set(item.topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

function toKafka({ partition, message }: PlacedMessage) {
  return { partition, value: message.value, headers: { ...message.headers } };
}
