import type { FoundId, PositionCount } from './loader-warehouse.ts';
import { logFamily } from './log-order.ts';
import type { RawChunk } from './raw-chunk.ts';

/**
 * Decides between rows of one id that stand in several logs, which have no order among each other: the loader knew
 * which came first, a comparison does not. Where only one of them was loaded, that is the one. Where both were, as
 * can happen while partitions are added, the one that arrived first stays, so that two comparisons never remove
 * both. The returned function says whether a row found elsewhere makes the chunk's event a repetition.
 */
export function createArbiter(chunk: RawChunk, loaded: PositionCount[]): (found: FoundId) => boolean {
  const { logId } = chunk.start;
  const isLoaded = new Set(loaded.map(({ offset, index }) => `${offset}:${index}`));
  const own = new Map<string, { receivedAt: number; isLoaded: boolean }>();
  for (const { offset, meta } of chunk.records) {
    meta.marks.forEach(([messageId], index) => {
      const key = `${meta.projectId}:${messageId}`;
      const before = own.get(key);
      const here = { receivedAt: meta.receivedAt, isLoaded: isLoaded.has(`${offset}:${index}`) };
      if (!before || (!before.isLoaded && here.isLoaded)) own.set(key, here);
    });
  }
  return (found) => {
    if (logFamily(found.logId) === logFamily(logId)) return true;
    const here = own.get(`${found.projectId}:${found.messageId}`);
    if (!here?.isLoaded) return true;
    if (found.receivedAt !== here.receivedAt) return found.receivedAt < here.receivedAt;
    return found.logId < logId;
  };
}
