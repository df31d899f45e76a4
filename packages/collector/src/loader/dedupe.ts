import { DEDUPE_HORIZON_MS } from '@millrace/core';
import type { EventMark } from '../log/record.ts';
import type { ProjectMessage } from './loader-warehouse.ts';
import type { RawChunk } from './raw-chunk.ts';
import type { SeenId, SeenIds } from './seen-ids.ts';

/** `duplicate`: the same content again. `conflict`: the id was used for other content. */
export type DedupeVerdict = 'new' | 'duplicate' | 'conflict';

/** Finds ids that were accepted before the chunk, after a time: the latest of each. */
export type FindIds = (ids: ProjectMessage[], receivedAfter: number) => Promise<(ProjectMessage & SeenId)[]>;

/** The verdicts on a chunk, and how to take them back. */
export interface Deduped {
  /** One for each record of the chunk, with one for each of its marks. */
  verdicts: DedupeVerdict[][];
  /** Forgets all ids that this chunk added; to be called before any later chunk is looked at. */
  undo(): void;
}

/**
 * Decides which events of a chunk are new. An event is a repetition if its id was accepted at an earlier
 * position less than the horizon before; so the verdict depends on the log alone. The ids of new events
 * are remembered.
 */
export async function dedupe(chunk: RawChunk, seenIds: SeenIds, findIds: FindIds): Promise<Deduped> {
  const stored = await findUncovered(chunk, seenIds, findIds);
  const added: { projectId: number; messageId: string; before: SeenId | undefined }[] = [];

  const verdicts = chunk.records.map(({ meta: { projectId, receivedAt, marks } }) =>
    marks.map(([messageId, , contentHash]): DedupeVerdict => {
      const remembered = seenIds.find(projectId, messageId);
      const earlier = withinHorizon(remembered, receivedAt)
        ? remembered
        : stored.get(keyOf(projectId, messageId));
      if (withinHorizon(earlier, receivedAt)) {
        return earlier.contentHash === contentHash ? 'duplicate' : 'conflict';
      }
      seenIds.add(projectId, messageId, { contentHash, receivedAt });
      added.push({ projectId, messageId, before: remembered });
      return 'new';
    }),
  );

  return {
    verdicts,
    undo() {
      for (const { projectId, messageId, before } of added.reverse()) {
        seenIds.forget(projectId, messageId, before);
      }
    },
  };
}

async function findUncovered(
  chunk: RawChunk,
  seenIds: SeenIds,
  findIds: FindIds,
): Promise<Map<string, SeenId>> {
  const asked = new Map<string, ProjectMessage>();
  let receivedAfter = Number.POSITIVE_INFINITY;
  for (const { meta } of chunk.records) {
    for (const mark of meta.marks) {
      if (!needsLookup(mark, meta, seenIds)) continue;
      const [messageId] = mark;
      asked.set(keyOf(meta.projectId, messageId), { projectId: meta.projectId, messageId });
      receivedAfter = Math.min(receivedAfter, meta.receivedAt - DEDUPE_HORIZON_MS);
    }
  }
  if (asked.size === 0) return new Map();
  const found = await findIds([...asked.values()], receivedAfter);
  return new Map(found.map((id) => [keyOf(id.projectId, id.messageId), id]));
}

function needsLookup(
  [messageId, madeAt]: EventMark,
  { projectId, receivedAt }: { projectId: number; receivedAt: number },
  seenIds: SeenIds,
): boolean {
  if (seenIds.covers(madeAt)) return false;
  return !withinHorizon(seenIds.find(projectId, messageId), receivedAt);
}

function withinHorizon(seen: SeenId | undefined, receivedAt: number): seen is SeenId {
  return seen !== undefined && seen.receivedAt > receivedAt - DEDUPE_HORIZON_MS;
}

function keyOf(projectId: number, messageId: string): string {
  return `${projectId}:${messageId}`;
}
