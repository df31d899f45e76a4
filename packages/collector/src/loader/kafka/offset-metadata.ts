import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ChunkPlan, LoaderState } from '../loader-state.ts';

/** What a broker takes beside an offset, unless its `offset.metadata.max.bytes` says otherwise, less some room. */
const MAX_METADATA_BYTES = 4000;

type CommittedState = Pick<
  LoaderState,
  'epoch' | 'newestReceivedAt' | 'compareReceivedBefore' | 'totals' | 'partitions' | 'lookUpMadeBefore'
> & {
  v: 1;
  plan: { end: number; parts: ChunkPlan['parts'] } | null;
};

/**
 * The state of a partition's loader as the metadata of the offset at which it stands. Pieces of a chunk that
 * do not fit are left out, which `isWhole` says: after a crash they are found out from the table, which is
 * exact unless one of their inserts still was on its way.
 */
export function encodeMetadata(state: LoaderState): { metadata: string; isWhole: boolean } {
  const metadata = pack(state, state.plan?.parts ?? {});
  if (metadata.length <= MAX_METADATA_BYTES) return { metadata, isWhole: true };
  return { metadata: pack(state, {}), isWhole: false };
}

/** Reads what `encodeMetadata` wrote beside an offset; null for anything else. */
export function decodeMetadata(metadata: string, logId: string, offset: number): LoaderState | null {
  const committed = unpack(metadata);
  if (committed?.v !== 1) return null;
  const { v: _, plan, ...rest } = committed;
  const checkpoint = { logId, offset };
  return {
    version: 1,
    ...rest,
    checkpoint,
    plan: plan && { start: checkpoint, end: plan.end, next: { logId, offset: plan.end }, parts: plan.parts },
  };
}

function pack(state: LoaderState, parts: ChunkPlan['parts']): string {
  const { version: _, checkpoint: __, plan, ...rest } = state;
  const committed: CommittedState = { v: 1, ...rest, plan: plan && { end: plan.end, parts } };
  return deflateRawSync(JSON.stringify(committed)).toString('base64');
}

function unpack(metadata: string): CommittedState | null {
  if (metadata === '') return null;
  try {
    return JSON.parse(inflateRawSync(Buffer.from(metadata, 'base64')).toString('utf8')) as CommittedState;
  } catch {
    return null;
  }
}
