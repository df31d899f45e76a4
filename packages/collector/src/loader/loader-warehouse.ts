import type { SuppressedId } from '@millrace/warehouse-schema';
import type { LogPosition } from '../log/event-log.ts';
import type { Rejection } from './repeated-rejections.ts';
import type { SeenId } from './seen-ids.ts';

/** The tables that the loader fills; views fill the others from them. */
export type LoadedTable = 'events' | 'rejected_events';

/** An id within its project. */
export interface ProjectMessage {
  projectId: number;
  messageId: string;
}

/** An id that was loaded, and the log that it was loaded from. */
export interface FoundId extends ProjectMessage, SeenId {
  logId: string;
}

/** Records of one segment: from `start`, up to `end` in the same segment. */
export interface LogRange {
  start: LogPosition;
  end: number;
}

/** Positions `[from, to)` of one log, which may lie in different segments. */
export interface LogSpan {
  from: LogPosition;
  to: LogPosition;
}

/** How many rows of a table stand for one event of the log; 1 unless something went wrong. */
export interface PositionCount {
  offset: number;
  index: number;
  count: number;
}

/** What a table that is filled from `events` had wrong, and whether that is mended. */
export interface Difference {
  /** The table, or the part of it, in words. */
  what: string;
  /** Rows of the table that are missing or differ. */
  rows: number;
  mended: boolean;
}

/** How many events of one record of the log were there already. */
export interface RecordDuplicates {
  offset: number;
  projectId: number;
  receivedAt: number;
  duplicates: number;
}

/** How a block is inserted. */
export interface InsertAttempt {
  token: string;
  queryId: string;
  /** Asked before a row goes in, while the insert is among the running ones already; may refuse it. */
  permit?: () => Promise<void>;
  /** For who may be held up before a row goes in: whether the rows are still to go, and what they are then. */
  suppressed?: SuppressedRows;
}

/** How rows stand to the list of suppressed ids, which may grow while they wait. */
export interface SuppressedRows {
  /** How many ids the list had when the rows were last judged. */
  version(): number;
  /** Judges them by the list as it is now, and gives their bytes. */
  renew(): Promise<Buffer>;
}

/** What the loader asks of the warehouse. Every method may reject with what the client throws. */
export interface LoaderWarehouse {
  /** Inserts newline-delimited rows as one block under a deduplication token. */
  insert(table: LoadedTable, rows: Buffer, options: InsertAttempt): Promise<void>;
  /** Notes repetitions that were dropped; to note those of a record again changes nothing. */
  noteDuplicates(logId: string, records: RecordDuplicates[]): Promise<void>;
  /** How many inserts with a query id that begins so still run. */
  insertsRunning(queryIdPrefix: string): Promise<number>;
  /** What stands in a table of the range. */
  positions(table: LoadedTable, range: LogRange): Promise<PositionCount[]>;
  /** How many rows of a table stand in the span and were received in a time, Unix milliseconds, half-open. */
  countRows(table: LoadedTable, span: LogSpan, received: { from: number; to: number }): Promise<number>;
  /** Of the ids, those that stand before a position, or in another log, and came after a time: the latest of each. */
  findIds(ids: ProjectMessage[], before: LogPosition, receivedAfter: number): Promise<FoundId[]>;
  /** Of the rejected rows, those that stand before a position, or in another log. */
  findRejections(rejections: Rejection[], before: LogPosition): Promise<Rejection[]>;
  /** All ids that stand before a position, or in another log, if they are at most `limit`; else null. */
  allIds(before: LogPosition, limit: number): Promise<(ProjectMessage & SeenId)[] | null>;
  /** The greatest `receivedAt` of all ids, Unix milliseconds; 0 if there are none. */
  newestReceivedAt(): Promise<number>;
  /** The greatest offset of a log in `events` and `rejected_events`; null if it has no rows. */
  lastOffset(logId: string): Promise<number | null>;
  /** Removes all rows at these positions of a log; resolves once no query sees them. */
  remove(table: LoadedTable, logId: string, positions: { offset: number; index: number }[]): Promise<void>;
  /** The ids of people who were deleted; their number grows whenever there are more. */
  suppressedIds(): Promise<SuppressedId[]>;
  /** Compares what is filled from the range's rows of `events` with them, and mends what differs. */
  compareDerived(range: LogRange): Promise<Difference[]>;
}
