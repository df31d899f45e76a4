import { type LogPosition, type LogReader, LogUnavailableError } from '../event-log.ts';
import type { KafkaLog } from '../kafka/kafka-log.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { PositionFile } from './position-file.ts';

export interface DrainOptions {
  kafka: KafkaLog;
  reader: LogReader;
  checkpoint: PositionFile;
  breaker: CircuitBreaker;
  /** Told how many records went over. */
  onDrained: (records: number) => void;
  /** Told of what is not for want of Kafka: a disk that fails, a record that no topic takes. It is tried again. */
  onError: (position: LogPosition, error: unknown) => void;
  signal: AbortSignal;
}

/** A piece is sent, acknowledged and checked off before the next is read. */
const PIECE = { rows: 2000, bytes: 1024 * 1024 };
/** While Kafka is away, one record is the probe. */
const PROBE = { rows: 1, bytes: 1 };
const IDLE_MS = 1000;
const ERROR_MS = 5000;

/**
 * Moves what stands in the buffer to Kafka, oldest first, until `signal`; it is also what probes a Kafka that
 * is away, with one record, or without one by asking for the topics. A record whose acknowledgement or
 * checkpoint was lost goes over again, with the same content and ids.
 */
export async function drainBuffer(options: DrainOptions): Promise<void> {
  const { kafka, reader, checkpoint, breaker, onDrained, onError, signal } = options;
  let from = (await checkpoint.load()) ?? (await reader.first());

  /** One turn; resolves with how long to wait before the next one, milliseconds. */
  async function step(): Promise<number> {
    const pauseMs = breaker.probeInMs();
    if (pauseMs > 0) return pauseMs;
    const { records, next } = await reader.read(from, breaker.reason() === undefined ? PIECE : PROBE);
    if (records.length === 0 && breaker.reason() !== undefined) await kafka.check();
    await Promise.all(records.map((record) => kafka.append(record)));
    breaker.close();
    if (next.logId === from.logId && next.offset === from.offset) {
      await reader.wait(from, IDLE_MS);
      return 0;
    }
    await checkpoint.save(next);
    await reader.release(next);
    from = next;
    if (records.length > 0) onDrained(records.length);
    return 0;
  }

  while (!signal.aborted) {
    const pauseMs = await step().catch((error: unknown) => {
      if (error instanceof LogUnavailableError) {
        breaker.trip(error.message);
        return breaker.probeInMs();
      }
      onError(from, error);
      return ERROR_MS;
    });
    await sleep(pauseMs, signal);
  }
}

/** Resolves after `ms` or when `signal` is aborted. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
