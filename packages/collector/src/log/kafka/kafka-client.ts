import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.ts';
import type { LogMessage } from './message.ts';

/** A message and where it goes. */
export interface PlacedMessage {
  topic: string;
  partition: number;
  message: LogMessage;
}

/** What a topic is made with, where Millrace makes it. */
export interface TopicSettings {
  partitions: number;
  /** Copies of each partition; undefined leaves it to the broker's default. */
  replication?: number | undefined;
}

/** A connection that sends; it is thrown away, not mended, once something fails. */
export interface KafkaSender {
  /** How many partitions each of the topics has; creates those that are missing, if told how. */
  partitions(topics: readonly string[], create?: TopicSettings): Promise<Map<string, number>>;
  /**
   * Resolves once all in-sync replicas of every partition have all of the messages. Anything else rejects, and
   * then nobody knows which of them are there.
   */
  send(messages: readonly PlacedMessage[]): Promise<void>;
  /** Lets go of it, at the latest after a second. Never rejects. */
  close(): Promise<void>;
}

export interface KafkaSenderOptions {
  connection: KafkaConnection;
  /** A request that is not answered in this time has failed. */
  requestTimeoutMs: number;
  gzip: boolean;
}

/** A send that failed. `fatal`: not for want of a broker, so that sending the same again is no use. */
export class KafkaSendError extends Error {
  override readonly name = 'KafkaSendError' as const;
  readonly code: string;
  readonly fatal: boolean;

  constructor(error: unknown) {
    const { message, type, name, cause } = error as Error & { type?: string };
    super(message, { cause: error });
    const origin = cause as { type?: string; name?: string } | undefined;
    this.code = type ?? origin?.type ?? origin?.name ?? name;
    this.fatal = TOO_LARGE.has(this.code);
  }
}

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
const CLOSE_MS = 1000;
const WEEK_MS = 7 * 86_400_000;

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

/** kafkajs' timeout is one of each request; reconnecting and reading metadata in between come on top. */
async function within<T>(task: Promise<T>, ms: number): Promise<T> {
  task.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`no answer in ${ms} ms`), { type: 'TIMEOUT' });
    timer = setTimeout(() => reject(error), ms);
  });
  return Promise.race([task, timeout]).finally(() => clearTimeout(timer));
}

/** Connects; rejects if no broker answers. */
export async function connectSender(options: KafkaSenderOptions): Promise<KafkaSender> {
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

  async function partitions(topics: readonly string[], create?: TopicSettings): Promise<Map<string, number>> {
    const admin = kafka.admin();
    try {
      await within(admin.connect(), requestTimeoutMs);
      const known = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !known.has(topic));
      if (create && missing.length > 0) {
        const { brokers } = await admin.describeCluster();
        await admin.createTopics({
          waitForLeaders: true,
          timeout: requestTimeoutMs,
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

  return {
    partitions,
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
      const answered = new Set(
        acknowledged.map((answer) =>
          answer.errorCode === 0 ? `${answer.topicName} ${answer.partition}` : '',
        ),
      );
      const unanswered = messages.find(({ topic, partition }) => !answered.has(`${topic} ${partition}`));
      if (!unanswered) return;
      const { topic, partition } = unanswered;
      throw new KafkaSendError(new Error(`partition ${partition} of ${topic} was not acknowledged`));
    },
    async close() {
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([producer.disconnect().catch(() => {}), deadline]);
    },
  };
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
      { name: 'retention.ms', value: String(WEEK_MS) },
      { name: 'retention.bytes', value: '-1' },
    ],
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
