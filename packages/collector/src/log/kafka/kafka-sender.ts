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

const CLOSE_MS = 1000;
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/**
 * Rejects unless every partition that got one of the messages is among those that were `acknowledged`: neither
 * client says by itself that a broker's answer left one out.
 */
export function requireAcknowledged(
  messages: readonly PlacedMessage[],
  acknowledged: Iterable<{ topic: string; partition: number }>,
): void {
  const answered = new Set<string>();
  for (const { topic, partition } of acknowledged) answered.add(`${topic} ${partition}`);
  const missing = messages.find(({ topic, partition }) => !answered.has(`${topic} ${partition}`));
  if (!missing) return;
  throw new KafkaSendError(
    new Error(`partition ${missing.partition} of ${missing.topic} was not acknowledged`),
  );
}

/** A client's timeout is one of each request; reconnecting and reading metadata in between come on top. */
export async function within<T>(task: Promise<T>, ms: number): Promise<T> {
  task.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`no answer in ${ms} ms`), { type: 'TIMEOUT' });
    timer = setTimeout(() => reject(error), ms);
  });
  return Promise.race([task, timeout]).finally(() => clearTimeout(timer));
}

/** Waits for what closes a client, but not for long. Never rejects. */
export async function closeWithin(closing: Promise<unknown>): Promise<void> {
  const deadline = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
  await Promise.race([closing.catch(() => {}), deadline]);
}
