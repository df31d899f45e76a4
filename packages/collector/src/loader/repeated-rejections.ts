import type { LogPosition } from '../log/event-log.ts';
import type { DedupeVerdict } from './dedupe.ts';
import { mayRepeat } from './log-order.ts';
import type { RawChunk } from './raw-chunk.ts';

/** A rejected row by its name; all copies of it have one time. */
export interface Rejection {
  projectId: number;
  receivedAt: number;
  rejectionId: string;
}

/** Of the rejections, those that stand before a position, or in another log. */
export type FindRejections = (rejections: Rejection[], before: LogPosition) => Promise<Rejection[]>;

/** The rejected rows of the chunk that was prepared last, which may not be in the table yet. */
export interface SeenRejections {
  /** A chunk begins: what is added from now on is its own. */
  begin(): void;
  /** True if it is new, to this chunk and to the one before. */
  add(key: string): boolean;
  /** Forgets the chunk that began last. */
  undo(): void;
}

export function createSeenRejections(): SeenRejections {
  let [before, own] = [new Set<string>(), new Set<string>()];
  return {
    begin() {
      [before, own] = [own, new Set()];
    },
    add(key) {
      if (before.has(key) || own.has(key)) return false;
      own.add(key);
      return true;
    },
    undo() {
      [before, own] = [new Set(), before];
    },
  };
}

/** The name of the row of `rejected_events` for an event whose id was used for another. */
export function conflictId(messageId: string, contentHash: number): string {
  return `duplicate_id:${messageId}:${contentHash}`;
}

/**
 * The rejected rows of a chunk that its log has at an earlier position too, as `<offset>:<index>`: a send that had
 * arrived, and was made again. Which they are depends on the log alone.
 */
export async function findRepeatedRejections(
  chunk: RawChunk,
  verdicts: DedupeVerdict[][],
  seen: SeenRejections,
  find: FindRejections,
): Promise<Set<string>> {
  seen.begin();
  if (!mayRepeat(chunk.start.logId)) return new Set();
  const named = chunk.records.flatMap(({ offset, meta }, number) => {
    const { projectId, receivedAt, marks, rejectedIds = [] } = meta;
    const at = (index: number, rejectionId: string) => {
      return { position: `${offset}:${index}`, rejection: { projectId, receivedAt, rejectionId } };
    };
    return [
      ...marks.flatMap(([messageId, , contentHash], index) =>
        verdicts[number]?.[index] === 'conflict' ? [at(index, conflictId(messageId, contentHash))] : [],
      ),
      ...rejectedIds.map((id, index) => at(marks.length + index, id)),
    ];
  });
  if (named.length === 0) return new Set();
  const found = await find(
    named.map(({ rejection }) => rejection),
    chunk.start,
  );
  const stored = new Set(found.map(keyOf));
  const repeated = named.filter(({ rejection }) => {
    const key = keyOf(rejection);
    return !seen.add(key) || stored.has(key);
  });
  return new Set(repeated.map(({ position }) => position));
}

function keyOf({ projectId, receivedAt, rejectionId }: Rejection): string {
  return `${projectId}:${receivedAt}:${rejectionId}`;
}
