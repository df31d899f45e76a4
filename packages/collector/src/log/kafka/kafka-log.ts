import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Logger, silentLogger } from '../../logger.ts';
import { type EventLog, LogUnavailableError } from '../event-log.ts';
import { nameRecord } from '../name-record.ts';
import type { LogRecord } from '../record.ts';
import { CONNECT, type KafkaClient } from './clients.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import type {
  KafkaSendError,
  KafkaSender,
  KafkaSenderOptions,
  PlacedMessage,
  TopicSettings,
} from './kafka-sender.ts';
import { EVENTS_TOPIC, REJECTED_TOPIC } from './message.ts';
import { type Packing, type Placement, placeRecord } from './place-record.ts';
import { createSendQueue } from './send-queue.ts';
import { shrink } from './too-large.ts';

export interface KafkaLogOptions {
  connection: KafkaConnection;
  /** @default 'kafkajs' */
  client?: KafkaClient;
  /** One event a message, or several of one record and partition as lines. @default 'events' */
  packing?: Packing;
  /** @default false */
  gzip?: boolean;
  /** Makes the topics where they are missing; without it they must be there. */
  createTopics?: TopicSettings | undefined;
  /** A broker that does not answer in this time counts as away, milliseconds. @default 3000 */
  requestTimeoutMs?: number;
  /** How long an event waits for others to share a send with, milliseconds. @default 4 */
  lingerMs?: number;
  /** A send is at most this large, unless one event is. @default 900 KiB, for brokers take 1 MiB */
  groupBytes?: number;
  /** The most that may wait for Kafka, in memory. @default 64 MiB */
  queueBytes?: number;
  /** How often a send that found no leader or no connection is tried again. @default 2 */
  retries?: number;
  /** How old the number of partitions may become, milliseconds. @default 30,000 */
  partitionsMaxAgeMs?: number;
  logger?: Logger;
  /** Connects a sender; for tests. */
  connect?: (options: KafkaSenderOptions) => Promise<KafkaSender>;
}

/** The log of an installation with Kafka. */
export interface KafkaLog extends EventLog {
  /** Rejects unless the cluster answers and has both topics. */
  check(): Promise<void>;
}

/** A Kafka that was reached, and how many partitions its topics have. */
interface Link {
  sender: KafkaSender;
  partitions: Placement['partitions'];
  /** When they are to be counted again, by a clock that no one sets. */
  recountAt: number;
}

const TOPICS = [EVENTS_TOPIC, REJECTED_TOPIC];
const PAUSE_MS = 100;
const RETRY_MS = 1000;

/**
 * Appends to Kafka: a record is durable once all in-sync replicas have each of its messages.
 *
 * A send that fails takes its connection with it, and is tried again as a whole on a new one, but not after a
 * timeout: who waits for an answer has then waited long enough. Messages may therefore be there twice, which
 * the loader expects. An event that is larger than the topic takes becomes a rejected one, `event_too_large`.
 * Rejects with LogUnavailableError.
 */
export function createKafkaLog(options: KafkaLogOptions): KafkaLog {
  const { connection, packing = 'events', gzip = false, createTopics, requestTimeoutMs = 3000 } = options;
  const { lingerMs = 4, groupBytes = 900 * 1024, queueBytes = 64 * 1024 * 1024 } = options;
  const { retries = 2, partitionsMaxAgeMs = 30_000, client = 'kafkajs' } = options;
  const { logger = silentLogger, connect = CONNECT[client] } = options;
  const queue = createSendQueue({ send, isTooLarge, lingerMs, groupBytes, inFlight: 4, queueBytes });
  let link: Promise<Link> | undefined;
  let failure: { reason: string; retryAt: number } | undefined;
  let closed = false;

  async function open(): Promise<Link> {
    const sender = await connect({ connection, requestTimeoutMs, gzip });
    try {
      return { sender, partitions: await count(sender, createTopics), recountAt: nextCount() };
    } catch (error) {
      void sender.close();
      throw error;
    }
  }

  const nextCount = () => performance.now() + partitionsMaxAgeMs;

  async function count(sender: KafkaSender, create?: TopicSettings): Promise<Link['partitions']> {
    const counts = await sender.partitions(TOPICS, create);
    const [events = 0, rejected = 0] = TOPICS.map((topic) => counts.get(topic));
    if (events === 0 || rejected === 0) throw new Error(`${TOPICS.join(' or ')} has no partitions`);
    return { events, rejected };
  }

  /** Topics may grow. No append waits for the count; where it fails, the sends say what is wrong. */
  function recount(known: Link): void {
    if (performance.now() < known.recountAt) return;
    known.recountAt = nextCount();
    count(known.sender)
      .then((counted) => replaceIfGrown(known, counted))
      .catch(() => {});
  }

  /** A new connection, for kafkajs leaves out what is for a partition that its metadata has not. */
  function replaceIfGrown({ sender, partitions }: Link, counted: Link['partitions']): void {
    if (isDeepStrictEqual(partitions, counted)) return;
    logger.info('The topics have other numbers of partitions now', { ...counted });
    link = undefined;
    // What is under way on the old one still gets its answer.
    setTimeout(() => void sender.close(), 2 * requestTimeoutMs).unref();
  }

  function current(): Promise<Link> {
    if (link) return link;
    const opening = open();
    link = opening;
    opening.catch(() => {
      if (link === opening) link = undefined;
    });
    return opening;
  }

  /** What failed once is never trusted again: kafkajs does not recover from all of its own errors. */
  function discard(used: Promise<Link>): void {
    if (link === used) link = undefined;
    used.then(({ sender }) => sender.close()).catch(() => {});
  }

  async function send(messages: PlacedMessage[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const used = current();
      try {
        await (await used).sender.send(messages);
        failure = undefined;
        return;
      } catch (error) {
        if (isTooLarge(error)) throw error;
        discard(used);
        if (attempt >= retries || closed || isTimeout(error)) throw error;
        await pause(PAUSE_MS * 2 ** attempt);
      }
    }
  }

  function unavailable(error: unknown): Error {
    if (error instanceof LogUnavailableError) return error;
    const { message } = error as Error;
    failure = { reason: `Kafka does not take events: ${message}`, retryAt: Date.now() + RETRY_MS };
    return new LogUnavailableError('log_failed', failure.reason, RETRY_MS);
  }

  async function check(): Promise<void> {
    const used = current();
    try {
      const known = await used;
      replaceIfGrown(known, await count(known.sender));
      failure = undefined;
    } catch (error) {
      discard(used);
      throw unavailable(error);
    }
  }

  async function push(record: LogRecord): Promise<void> {
    const { partitions } = await current();
    let messages = placeRecord(record, { packing, partitions });
    while (messages.length > 0) {
      const tooLarge = await queue.push(messages);
      messages = tooLarge.flatMap((placed) => {
        const { topic, message } = placed;
        logger.error('Kafka takes no message of this size; as much as it takes is kept as rejected', {
          topic,
          bytes: message.value.length,
          project: Number(message.headers.p),
        });
        const smaller = shrink(placed, partitions.rejected);
        if (smaller.length > 0) return smaller;
        throw new RangeError(`${topic} takes no message of even ${message.value.length} bytes`);
      });
    }
  }

  return {
    check,
    async append(record) {
      if (closed) throw new LogUnavailableError('log_closed', 'the log is closed', RETRY_MS);
      try {
        recount(await current());
        await push(nameRecord(record));
      } catch (error) {
        throw unavailable(error);
      }
    },
    status() {
      if (failure && !closed && failure.retryAt < Date.now()) {
        failure.retryAt = Date.now() + RETRY_MS;
        void check().catch(() => {});
      }
      const reason = closed ? 'the log is closed' : failure?.reason;
      return {
        writable: reason === undefined,
        ...(reason && { reason }),
        bytes: queue.bytes(),
        quotaBytes: queueBytes,
        segments: 0,
        quarantined: 0,
      };
    },
    async close() {
      closed = true;
      await queue.idle();
      if (link) discard(link);
    },
  };
}

function isTooLarge(error: unknown): boolean {
  return (error as Partial<KafkaSendError>).fatal === true;
}

function isTimeout(error: unknown): boolean {
  return /timeout|timed_out/i.test((error as Partial<KafkaSendError>).code ?? '');
}
