import type { LogPosition, LogReader, StoredRecord } from '../../log/event-log.ts';
import type { Logger } from '../../logger.ts';
import { StoppedError } from '../retrier.ts';
import { type PlacedMessage, partitionLogId, storedMessage } from './stored-messages.ts';

/** Messages of one partition as they were fetched: those from `fetchedOffset` to `lastOffset` that still exist. */
export interface FetchedBatch {
  fetchedOffset: number;
  lastOffset: number;
  messages: PlacedMessage[];
}

/** What a reader asks of the consumer that feeds it. */
interface PartitionFeed {
  /** Fetches go on at this offset. */
  seek(offset: number): void;
  pause(): void;
  resume(): void;
  /** The first offset that the broker still has. */
  firstOffset(): Promise<number>;
}

export interface PartitionReaderOptions {
  topic: string;
  partition: number;
  /** Where to begin. */
  start: number;
  /** How much is kept in memory before the feed is paused. */
  maxBytes: number;
  feed: PartitionFeed;
  logger: Logger;
}

/** A partition as a log: batches go in as they come, whole records come out in order. */
export interface PartitionReader extends LogReader {
  /** Takes what follows on what is there; anything else is dropped, and fetched again from the right place. */
  offer(batch: FetchedBatch): void;
}

/** Records that were to be read are no longer there. */
class OffsetsGoneError extends Error {
  override readonly name = 'OffsetsGoneError' as const;
  readonly code = 'offsets_gone' as const;
}

/** Reads one partition. Records stay in memory until they are released, so that they can be read again. */
export function createPartitionReader(options: PartitionReaderOptions): PartitionReader {
  const { topic, partition, maxBytes, feed, logger } = options;
  const logId = partitionLogId(topic, partition);
  let records: StoredRecord[] = [];
  let bytes = 0;
  let expected = options.start;
  let wanted = 0;
  let isPaused = false;
  let isAligning = false;
  let isClosed = false;
  let wake = () => {};
  let changed = new Promise<void>(() => {});
  renew();

  function renew(): void {
    const before = wake;
    changed = new Promise((resolve) => {
      wake = resolve;
    });
    before();
  }

  // A chunk whose end is written down has to fit, whatever the memory.
  function balance(): void {
    const isFull = bytes > maxBytes && expected >= wanted;
    if (isFull === isPaused || isClosed) return;
    isPaused = isFull;
    if (isFull) feed.pause();
    else feed.resume();
  }

  // The consumer stands elsewhere: its memory of an earlier assignment, or records that ran out of retention.
  async function align(): Promise<void> {
    if (isAligning) return;
    isAligning = true;
    try {
      const first = await feed.firstOffset();
      if (isClosed) return;
      if (first > expected) {
        logger.error('Kafka no longer has records that were not loaded; going on behind them', {
          topic,
          partition,
          from: expected,
          to: first,
        });
        expected = first;
        renew();
      }
      feed.seek(expected);
    } catch (error) {
      logger.warn('A partition could not be put back to its place; trying again', {
        topic,
        partition,
        reason: (error as Error).message,
      });
    } finally {
      isAligning = false;
    }
  }

  function indexOf(offset: number): number {
    const index = records.findIndex((record) => record.offset >= offset);
    return index < 0 ? records.length : index;
  }

  async function readUntil(from: LogPosition, until: number): Promise<StoredRecord[]> {
    wanted = until;
    balance();
    while (expected < until) {
      if (isClosed) throw new StoppedError('stopped');
      await changed;
    }
    const found = records.slice(indexOf(from.offset), indexOf(until));
    if (found.length === 0) {
      throw new OffsetsGoneError(`${logId} has no records from ${from.offset} to ${until}`);
    }
    return found;
  }

  return {
    offer({ fetchedOffset, lastOffset, messages }) {
      if (isClosed) return;
      if (fetchedOffset > expected || lastOffset < expected) {
        void align();
        return;
      }
      for (const message of messages) {
        if (message.offset < expected) continue;
        const record = storedMessage(topic, partition, message);
        bytes += sizeOf(record);
        records.push(record);
      }
      expected = lastOffset + 1;
      renew();
      balance();
    },

    first: async () => ({ logId, offset: await feed.firstOffset() }),

    async read(from, limit, until) {
      if (until !== undefined) {
        const found = await readUntil(from, until);
        return { records: found, next: { logId, offset: until }, finished: false };
      }
      const found: StoredRecord[] = [];
      let [rows, size] = [0, 0];
      for (let index = indexOf(from.offset); index < records.length; index++) {
        const record = records[index];
        if (!record) break;
        rows += record.meta.marks.length + record.meta.rejected;
        size += record.rows.length + record.rejected.length;
        if (found.length > 0 && (rows > limit.rows || size > limit.bytes)) break;
        found.push(record);
      }
      return { records: found, next: { logId, offset: found.at(-1)?.end ?? from.offset }, finished: false };
    },

    async wait(from, timeoutMs) {
      if (isClosed || indexOf(from.offset) < records.length) return;
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([changed, timeout]);
      clearTimeout(timer);
    },

    async release(position) {
      const kept = indexOf(position.offset);
      for (const record of records.slice(0, kept)) bytes -= sizeOf(record);
      records = records.slice(kept);
      balance();
    },

    async close() {
      isClosed = true;
      records = [];
      renew();
    },
  };
}

// What a record takes beside its lines, so that many small ones count too.
const RECORD_BYTES = 500;

function sizeOf({ rows, rejected }: StoredRecord): number {
  return rows.length + rejected.length + RECORD_BYTES;
}
