import type { LogPosition } from '../log/event-log.ts';
import type { ChunkSource } from './chunk-source.ts';
import type { PreparedChunk } from './prepare-chunk.ts';

/** A chunk that is being read and prepared while something else is done. */
export interface LookAhead {
  /** The chunk, or null once the signal is aborted. */
  chunk: Promise<PreparedChunk | null>;
  /** True once the chunk needs no waiting for. */
  isReady(): boolean;
  /** Ends it, and takes back what it remembered. */
  discard(): Promise<void>;
}

/** Begins to read and prepare the chunk at `from`. */
export function lookAhead(
  source: ChunkSource,
  from: LogPosition,
  newestBefore: number,
  signal: AbortSignal,
): LookAhead {
  const own = new AbortController();
  const stop = () => own.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let isReady = false;
  const chunk = source.next(from, newestBefore, own.signal).finally(() => {
    isReady = true;
    signal.removeEventListener('abort', stop);
  });
  // Whoever awaits it later sees the error; until then it is nobody's.
  chunk.catch(() => {});
  return {
    chunk,
    isReady: () => isReady,
    async discard() {
      stop();
      const prepared = await chunk.catch(() => null);
      prepared?.undo();
    },
  };
}
