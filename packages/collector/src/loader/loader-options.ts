import type { LogPosition, LogReader } from '../log/event-log.ts';
import type { Logger } from '../logger.ts';
import type { LoaderTotals } from './loader-state.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import type { ChunkLimits } from './raw-chunk.ts';

/** A place where a test may make the loader crash. */
export type LoaderStep =
  | 'planned'
  | 'events-inserted'
  | 'derived-compared'
  | 'rejected-inserted'
  | 'pieces-saved'
  | 'loaded';

export interface LoaderOptions {
  /** The log; the loader closes it when it ends. */
  reader: LogReader;
  warehouse: LoaderWarehouse;
  /** Where the loader keeps its state and its lock; one loader at a time. */
  stateDir: string;
  /** When a chunk is cut. @default 20,000 rows, 16 MB, 200 ms */
  limits?: Partial<ChunkLimits>;
  /** How many message ids are remembered; older ones are looked up. @default 200,000, about 40 MB */
  rememberedIds?: number;
  /** How long to wait before the first and at most before a later attempt. @default 100 ms, 5 s */
  retryMs?: { first: number; longest: number };
  /** Unix milliseconds. @default Date.now */
  clock?: () => number;
  logger: Logger;
  /** Told of each chunk once it is loaded. */
  onChunk?: (chunk: LoadedChunk) => void;
  /** For tests: called at each step; what it throws ends the loader there, like a crash. */
  faults?: (step: LoaderStep) => void | Promise<void>;
}

/** A chunk that was loaded, in rows. */
export interface LoadedChunk {
  /** Those that went into `events`. */
  events: number;
  /** The same id with the same content again: dropped. */
  duplicates: number;
  /** Those that went into `rejected_events`: the next two, and what the collector refused. */
  rejected: number;
  /** The same id with other content. */
  conflicts: number;
  /** Refused by ClickHouse. */
  notInsertable: number;
  /** True if the outcome of an insert was unknown, and it had to be compared. */
  compared: boolean;
}

/** What the loader does: `blocked` means that the warehouse does not take rows, `reason` says why. */
export interface LoaderStatus {
  state: 'stopped' | 'starting' | 'idle' | 'loading' | 'blocked' | 'paused';
  /** Since when it is in that state, Unix milliseconds. */
  since: number;
  reason?: string;
  /** Everything before it is loaded; null until the state is read. */
  checkpoint: LogPosition | null;
  /** The `receivedAt` of the oldest event that is read and not yet loaded; null if there is none. */
  oldestPendingAt: number | null;
  totals: LoaderTotals;
}

export interface Loader {
  /**
   * Loads until the signal is aborted, then ends between two chunks, or, while the warehouse does not answer,
   * at once. Rejects with FolderLockedError if another loader has the folder, and with whatever the log throws.
   */
  run(signal: AbortSignal): Promise<void>;
  status(): LoaderStatus;
  /**
   * Resolves to true once everything that was in the log when it was called is loaded and the loader has
   * nothing more to do; to false if the loader ends before that.
   */
  drain(): Promise<boolean>;
}
