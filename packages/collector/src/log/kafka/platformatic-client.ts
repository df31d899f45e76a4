import { isIP } from 'node:net';
import type { Producer } from '@platformatic/kafka';
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
import { openKafka } from './kafkajs-client.ts';
import type { LogMessage } from './message.ts';
import { topicPartitions } from './topic-partitions.ts';

const METADATA_MAX_AGE_MS = 60_000;
const ACKS_ALL = -1;
/** A handful, each asked for with every message. */
const HEADER_NAMES = new Map<string, Buffer>();

/**
 * Loads the package, which is not a dependency. Rejects with what to do where it cannot run: it needs Node 22.22,
 * and to be installed beside Millrace.
 */
export async function loadPlatformatic(): Promise<typeof import('@platformatic/kafka')> {
  if (!('withResolvers' in Promise)) {
    throw new Error(
      `MILLRACE_KAFKA_CLIENT=platformatic needs Node 22.22 or newer; this is ${process.versions.node}`,
    );
  }
  try {
    return await import('@platformatic/kafka');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const remedy = 'npm install @platformatic/kafka@2';
    throw new Error(`MILLRACE_KAFKA_CLIENT=platformatic needs the package @platformatic/kafka: ${remedy}`, {
      cause: error,
    });
  }
}

/**
 * Connects @platformatic/kafka; rejects if no broker answers. Its own retries are off, for the reasons of
 * `openKafka`: who sends again sends everything again, on a new connection. Topics are looked at, and made,
 * through kafkajs.
 */
export async function connectPlatformatic(options: KafkaSenderOptions): Promise<KafkaSender> {
  const { connection, requestTimeoutMs, gzip } = options;
  const { Producer } = await loadPlatformatic();
  const producer: Producer = new Producer({
    clientId: 'millrace',
    bootstrapBrokers: connection.brokers,
    connectTimeout: Math.min(1000, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    // The broker gives up on its replicas before we give up on the broker.
    timeout: Math.ceil(requestTimeoutMs * 0.8),
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retries: false,
    repeatOnStaleMetadata: false,
    autocreateTopics: false,
    idempotent: false,
    ...securityOf(connection),
  });
  try {
    await within(producer.metadata({ topics: [] }), requestTimeoutMs);
  } catch (error) {
    void producer.close().catch(() => {});
    throw sendError(error);
  }
  const kafka = openKafka(connection, requestTimeoutMs);

  return {
    partitions: (topics, create) => topicPartitions(kafka, topics, { create, timeoutMs: requestTimeoutMs }),
    async send(messages) {
      const sending = producer.send({
        acks: ACKS_ALL,
        compression: gzip ? 'gzip' : 'none',
        messages: messages.map(toPlatformatic),
      });
      const { offsets = [] } = await within(sending, requestTimeoutMs).catch((error) => {
        throw sendError(error);
      });
      requireAcknowledged(messages, offsets);
    },
    close: () => closeWithin(producer.close()),
  };
}

function securityOf({ brokers, tls, sasl }: KafkaConnection) {
  // TLS names a server by its host name alone, never by an address.
  const tlsServerName = brokers.some((broker) => isIP(broker.slice(0, broker.lastIndexOf(':'))) === 0);
  return {
    ...(tls && { tls: tls.ca === undefined ? {} : { ca: [tls.ca] }, tlsServerName }),
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism.toUpperCase() as 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
        username: sasl.username,
        password: sasl.password,
      },
    }),
  };
}

function toPlatformatic({ topic, partition, message }: PlacedMessage) {
  return { topic, partition, value: message.value, headers: headersOf(message.headers) };
}

function headersOf(headers: LogMessage['headers']): Map<Buffer, Buffer> {
  const encoded = new Map<Buffer, Buffer>();
  for (const [name, value] of Object.entries(headers)) encoded.set(nameOf(name), Buffer.from(value));
  return encoded;
}

function nameOf(header: string): Buffer {
  const known = HEADER_NAMES.get(header) ?? Buffer.from(header);
  HEADER_NAMES.set(header, known);
  return known;
}

/** Its errors hold those of each broker, which hold those of each partition; the innermost says why. */
function sendError(error: unknown): KafkaSendError {
  const { message, code, apiId } = innermost(error);
  return new KafkaSendError(Object.assign(new Error(message, { cause: error }), { type: apiId ?? code }));
}

function innermost(error: unknown): Error & { code?: string; apiId?: string } {
  const { errors, cause, apiId } = error as { errors?: unknown[]; cause?: unknown; apiId?: string };
  const inner = errors?.[0] ?? (cause instanceof Error ? cause : undefined);
  return inner === undefined || apiId !== undefined
    ? (error as Error & { code?: string; apiId?: string })
    : innermost(inner);
}
