import type { Logger } from '../../logger.ts';
import { type EventLog, type LogReader, LogUnavailableError } from '../event-log.ts';
import type { KafkaLog } from '../kafka/kafka-log.ts';
import { nameRecord } from '../name-record.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { drainBuffer } from './drain-buffer.ts';
import { openPositionFile } from './position-file.ts';

export interface BufferedLogOptions {
  kafka: KafkaLog;
  /** Takes events while Kafka is away. */
  spool: EventLog;
  /** Reads the same spool; made with `keepMs: 0`, for Kafka keeps what went over. */
  reader: LogReader;
  /** Holds the checkpoint of what went over. */
  stateFolder: string;
  logger: Logger;
  /** Between the first failure and the first probe, milliseconds; doubles up to ten seconds. @default 250 */
  probeMs?: number;
}

const MAX_PROBE_MS = 10_000;
const CHECKPOINT_FILE = 'drained.json';
/** How long a stop may wait for a piece that is under way to Kafka. */
const CLOSE_MS = 5000;

/**
 * Kafka, and a spool for the time that it is away. An append resolves once either has the record durably; the
 * spool's own refusals, such as `log_full`, are the only ones. What the spool took goes over to Kafka in order
 * when it is back, while new records go to Kafka at once.
 */
export async function createBufferedLog(options: BufferedLogOptions): Promise<EventLog> {
  const { kafka, spool, reader, stateFolder, logger, probeMs = 250 } = options;
  const checkpoint = await openPositionFile(stateFolder, CHECKPOINT_FILE);
  const ending = new AbortController();
  let drained = 0;
  const breaker = createCircuitBreaker({
    minPauseMs: probeMs,
    maxPauseMs: MAX_PROBE_MS,
    now: () => performance.now(),
    onChange: (reason) =>
      reason === undefined
        ? logger.info('Kafka takes events again; what was buffered goes over')
        : logger.warn('Kafka is away; events are buffered on this disk', { reason }),
  });
  const draining = drainBuffer({
    kafka,
    reader,
    checkpoint,
    breaker,
    onDrained: (records) => {
      drained += records;
    },
    onError: (position, error) =>
      logger.error('the buffer cannot be drained', { ...position, error: String(error) }),
    signal: ending.signal,
  }).catch((error: unknown) => {
    logger.error('the buffer is not drained any more', { error: (error as Error).stack ?? String(error) });
  });

  return {
    async append(unnamed) {
      if (ending.signal.aborted) throw new LogUnavailableError('log_closed', 'the log is closed', 1000);
      // Before it is sent: what is buffered after a send that failed may be in Kafka all the same.
      const record = nameRecord(unnamed);
      if (breaker.reason() !== undefined) return spool.append(record);
      try {
        await kafka.append(record);
      } catch (error) {
        if (!(error instanceof LogUnavailableError)) throw error;
        // A full queue says that this process sends too slowly, not that Kafka is away.
        if (error.code !== 'log_full') breaker.trip(error.message);
        await spool.append(record);
      }
    },
    status() {
      const buffer = spool.status();
      const away = breaker.reason();
      const writable = away === undefined || buffer.writable;
      const { reason: _, ...rest } = buffer;
      return {
        ...rest,
        writable,
        ...(!writable && { reason: `${away}; ${buffer.reason}` }),
        kafka: { available: away === undefined, ...(away && { reason: away }), drained },
      };
    },
    rotate: async () => spool.rotate?.(),
    async close() {
      ending.abort();
      await reader.close();
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([draining.then(() => kafka.close()), deadline]);
      await spool.close();
    },
  };
}
