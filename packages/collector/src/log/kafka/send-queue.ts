import { LogUnavailableError } from '../event-log.ts';
import type { PlacedMessage } from './kafka-sender.ts';

export interface SendQueueOptions {
  /** Sends a group; its rejection is that of every record in it, and of those that wait behind it. */
  send: (messages: PlacedMessage[]) => Promise<void>;
  /** Whether the group, or one of its messages, is larger than the topic takes, so that a smaller one may go through. */
  isTooLarge: (error: unknown) => boolean;
  /** How long the first record of a group waits for others, milliseconds. */
  lingerMs: number;
  /** A group is sent before it would grow past this. */
  groupBytes: number;
  /** Groups under way at once; while all are, the next one gathers. */
  inFlight: number;
  /** The most that may wait or be under way. */
  queueBytes: number;
}

export interface SendQueue {
  /**
   * Resolves once all messages are sent but for those that are too large alone, which it resolves with. Refuses
   * with `log_full` what would grow the queue past its size.
   */
  push(messages: PlacedMessage[]): Promise<PlacedMessage[]>;
  /** Bytes that wait or are under way. */
  bytes(): number;
  /** Resolves once nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

interface Part {
  messages: PlacedMessage[];
  bytes: number;
  /** With those of its messages that are too large. */
  resolve: (tooLarge: PlacedMessage[]) => void;
  reject: (error: unknown) => void;
}

/** What a message takes beside its value and marks: the other headers and framing, at most. */
const OVERHEAD_BYTES = 64;
const RETRY_MS = 1000;

/** Gathers records into groups, so that a send, whose cost hardly depends on its size, carries many. */
export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { send, isTooLarge, lingerMs, groupBytes, inFlight, queueBytes } = options;
  let waiting: Part[] = [];
  let waitingBytes = 0;
  let totalBytes = 0;
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  let whenIdle: (() => void)[] = [];

  function takeGroup(): Part[] {
    let bytes = 0;
    let count = 0;
    for (const part of waiting) {
      bytes += part.bytes;
      if (count > 0 && bytes > groupBytes) break;
      count++;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingBytes -= sizeOf(group);
    return group;
  }

  async function trySend(group: Part[]): Promise<void> {
    try {
      const tooLarge = new Set(await sendInHalves(group.flatMap((part) => part.messages)));
      for (const part of group) part.resolve(part.messages.filter((message) => tooLarge.has(message)));
    } catch (error) {
      for (const part of group) part.reject(error);
      refuseWaiting(error);
    }
  }

  /** Sends what is too large together in smaller groups; resolves with what is too large alone. */
  async function sendInHalves(messages: PlacedMessage[]): Promise<PlacedMessage[]> {
    try {
      await send(messages);
      return [];
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      if (messages.length === 1) return messages;
      const half = messages.length >> 1;
      const first = await sendInHalves(messages.slice(0, half));
      return [...first, ...(await sendInHalves(messages.slice(half)))];
    }
  }

  /** Whoever waits behind a send that failed would wait as long again, one group after another. */
  function refuseWaiting(error: unknown): void {
    const refused = waiting;
    waiting = [];
    waitingBytes = 0;
    totalBytes -= sizeOf(refused);
    for (const part of refused) part.reject(error);
  }

  async function sendGroup(group: Part[]): Promise<void> {
    await trySend(group);
    running--;
    totalBytes -= sizeOf(group);
    pump(false);
    if (totalBytes > 0) return;
    for (const resolve of whenIdle) resolve();
    whenIdle = [];
  }

  /** Starts what may start now: full groups, and with `all` also the one that gathers. */
  function pump(all: boolean): void {
    while (running < inFlight && waiting.length > 0 && (all || waitingBytes >= groupBytes)) {
      running++;
      void sendGroup(takeGroup());
    }
    if (waiting.length === 0 || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      pump(true);
    }, lingerMs);
  }

  function enqueue(messages: PlacedMessage[], bytes: number): Promise<PlacedMessage[]> {
    return new Promise((resolve, reject) => {
      waiting.push({ messages, bytes, resolve, reject });
      waitingBytes += bytes;
      pump(false);
    });
  }

  return {
    async push(messages) {
      const bytes = messages.reduce((sum, placed) => sum + weigh(placed), 0);
      if (totalBytes > 0 && totalBytes + bytes > queueBytes) {
        throw new LogUnavailableError('log_full', `${totalBytes} bytes wait for Kafka already`, RETRY_MS);
      }
      totalBytes += bytes;
      const parts = cut(messages, groupBytes).map((part) => enqueue(part.messages, part.bytes));
      return (await Promise.all(parts)).flat();
    },
    bytes: () => totalBytes,
    idle: () => (totalBytes === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}

const weigh = ({ message }: PlacedMessage): number =>
  message.value.length + (message.headers.m?.length ?? 0) + OVERHEAD_BYTES;

const sizeOf = (group: readonly Part[]): number => group.reduce((sum, part) => sum + part.bytes, 0);

/** A record that is larger than a group is sent in parts. */
function cut(messages: PlacedMessage[], maxBytes: number): { messages: PlacedMessage[]; bytes: number }[] {
  const parts: { messages: PlacedMessage[]; bytes: number }[] = [];
  for (const placed of messages) {
    const bytes = weigh(placed);
    const last = parts.at(-1);
    if (last && last.bytes + bytes <= maxBytes) {
      last.messages.push(placed);
      last.bytes += bytes;
    } else {
      parts.push({ messages: [placed], bytes });
    }
  }
  return parts;
}
