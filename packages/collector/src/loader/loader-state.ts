import { randomBytes } from 'node:crypto';
import type { LogPosition } from '../log/event-log.ts';

/** What became of the events of the log so far, in events. */
export interface LoaderTotals {
  chunks: number;
  /** Loaded into `events`. */
  events: number;
  /** The same id with the same content again: dropped. */
  duplicatesRefused: number;
  /** The same id with other content: in `rejected_events` as `duplicate_id`. */
  conflictsRefused: number;
  /** Refused by ClickHouse: in `rejected_events` as `not_insertable`. */
  notInsertable: number;
  /** Refused by the collector, taken from the log into `rejected_events`. */
  rejected: number;
}

/** Rows of a chunk that are inserted under a token of their own, as half-open ranges of row numbers. */
export interface Piece {
  token: string;
  ranges: [from: number, to: number][];
}

/** How a block of rows is inserted. */
export interface TablePlan {
  /** Those that are still to be inserted, or to be looked for. */
  pieces: Piece[];
  /** Rows that ClickHouse did not take, with its words. */
  refused: [row: number, detail: string][];
}

/** The chunk whose insert may have begun. Once written, its bounds and the rows of each token stay. */
export interface ChunkPlan {
  start: LogPosition;
  /** The offset after the last record, in the segment of `start`. */
  end: number;
  /** Where the chunk after it begins. */
  next: LogPosition;
  /**
   * What is not simply a whole block under its first token: the events, the rejected rows, and what
   * replaces rejected rows that ClickHouse did not take either.
   */
  parts: { events?: TablePlan; rejected?: TablePlan; replaced?: TablePlan };
}

/** What the loader must know after a crash, and nothing else. */
export interface LoaderState {
  version: 1;
  /** Part of every token, so that those of a lost state are never used again. */
  epoch: string;
  /** Everything before it is loaded, compared where that was needed, and may be released. */
  checkpoint: LogPosition;
  /** The greatest `receivedAt` of the records before the checkpoint, Unix milliseconds; 0 if there are none. */
  newestReceivedAt: number;
  /**
   * Events received before this time (Unix milliseconds) may have been loaded by someone whose state is lost:
   * their chunks are compared. 0 if there are none.
   */
  compareReceivedBefore: number;
  plan: ChunkPlan | null;
  totals: LoaderTotals;
  /** Of a partition of a topic: how many the topic has. */
  partitions?: number;
  /**
   * An event made before this time (Unix milliseconds) may have been loaded from another partition, as their number
   * was another one then: it is looked up.
   */
  lookUpMadeBefore?: number;
}

/** The state before anything is loaded. */
export function initialState(checkpoint: LogPosition): LoaderState {
  return {
    version: 1,
    epoch: randomBytes(4).toString('hex'),
    checkpoint,
    newestReceivedAt: 0,
    compareReceivedBefore: 0,
    plan: null,
    totals: {
      chunks: 0,
      events: 0,
      duplicatesRefused: 0,
      conflictsRefused: 0,
      notInsertable: 0,
      rejected: 0,
    },
  };
}
