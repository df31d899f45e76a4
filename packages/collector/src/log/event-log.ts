import type { LogRecord } from './record.ts';

/** Where a record stands: a log (a spool segment, a Kafka partition) and a place in it. */
export interface LogPosition {
  /** Spool: `<spool id>-<segment number, 12 digits>`; grows with time within one spool. */
  logId: string;
  /** Spool: the byte at which the record begins; Kafka: the message's offset. */
  offset: number;
}

/** A record as read back. `end` is the offset after it. */
export interface StoredRecord extends LogRecord {
  logId: string;
  offset: number;
  end: number;
}

/** What `/readyz`, `doctor` and metrics show of a log. */
export interface LogStatus {
  writable: boolean;
  /** Why it is not writable, in words. */
  reason?: string;
  bytes: number;
  quotaBytes: number;
  segments: number;
  quarantined: number;
  /** With Kafka and a buffer in front: whether Kafka takes events now, and how many buffered records went over. */
  kafka?: { available: boolean; reason?: string; drained: number };
}

/** The log cannot take the record now; the client is told to come back after `retryAfterMs`. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError' as const;
  readonly code: 'log_full' | 'log_failed' | 'log_closed';
  readonly retryAfterMs: number;

  constructor(code: 'log_full' | 'log_failed' | 'log_closed', message: string, retryAfterMs: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The write side of the log: the spool, and later Kafka. */
export interface EventLog {
  /** Resolves once the record is durable, never before; rejects with LogUnavailableError. */
  append(record: LogRecord): Promise<void>;
  status(): LogStatus;
  /**
   * Of a log with files: resolves once everything appended before the call stands in files that are never appended to
   * again. Does nothing where there is none; never rejects.
   */
  rotate?(): Promise<void>;
  /** Syncs what is pending and closes; later appends are refused. */
  close(): Promise<void>;
}

/** Whole, durable records of one segment, in order. */
export interface ReadResult {
  records: StoredRecord[];
  /** The position after the last record read; in the next segment if this one is finished. */
  next: LogPosition;
  /** True when the segment that was read is sealed and `next` is past its end. */
  finished: boolean;
}

/** The read side of a spool, for one loader. */
export interface LogReader {
  /** The first position that is still kept. */
  first(): Promise<LogPosition>;
  /**
   * Reads records at `from`, at most `limit` rows (events and rejected) and bytes, at least one record
   * if there is one, never past a segment's end. With `until`, reads up to exactly that offset of the segment,
   * whatever the limits. Only records that a power cut cannot take back are returned.
   */
  read(from: LogPosition, limit: { rows: number; bytes: number }, until?: number): Promise<ReadResult>;
  /** Resolves when there may be something to read at `from`, at the latest after `timeoutMs`. */
  wait(from: LogPosition, timeoutMs: number): Promise<void>;
  /** Says that everything before `position` is loaded; whole segments before it may go once they are old enough. */
  release(position: LogPosition): Promise<void>;
  close(): Promise<void>;
}
