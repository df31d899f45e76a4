/** What is remembered of an id that was accepted. */
export interface SeenId {
  contentHash: number;
  /** Of the event that was accepted, Unix milliseconds. */
  receivedAt: number;
}

/** The message ids that were accepted of late, per project: a cache of what the log says. */
export interface SeenIds {
  find(projectId: number, messageId: string): SeenId | undefined;
  add(projectId: number, messageId: string, seen: SeenId): void;
  /** Takes back the last `add` of this id. */
  forget(projectId: number, messageId: string, before?: SeenId): void;
  /** True if an event made at `madeAt` cannot have been accepted without being remembered. */
  covers(madeAt: number | null): boolean;
  /**
   * Makes room, if need be, by forgetting the older half. To be called between chunks, with the greatest
   * `receivedAt` of all records before the chunk that comes next.
   */
  makeRoom(newestReceivedAt: number): void;
  readonly size: number;
}

export interface SeenIdsOptions {
  /** The greatest number of ids to remember; a chunk may exceed it while it lasts. */
  capacity: number;
  /**
   * The greatest `receivedAt` of all records that came before the first that will be added, in Unix
   * milliseconds; -Infinity if what came before is added too.
   */
  forgottenUntil: number;
}

/**
 * How far a client's clock may be set back between two attempts without an event looking younger than it is.
 * Only events made this shortly after the memory begins pay for it, with a look into the warehouse.
 */
const CLOCK_STEP_MS = 5_000;

/** Two generations of ids; the older one goes when the younger is full. */
export function createSeenIds({ capacity, forgottenUntil }: SeenIdsOptions): SeenIds {
  const perGeneration = Math.ceil(capacity / 2);
  let young = createGeneration(forgottenUntil);
  let old = createGeneration(forgottenUntil);

  return {
    find: (projectId, messageId) => young.find(projectId, messageId) ?? old.find(projectId, messageId),
    add: (projectId, messageId, seen) => young.set(projectId, messageId, seen),
    forget(projectId, messageId, before) {
      const generation = young.find(projectId, messageId) ? young : old;
      if (before) generation.set(projectId, messageId, before);
      else generation.delete(projectId, messageId);
    },
    // Whoever was accepted at `receivedAt` was made before it. So an event made after everything that is
    // forgotten was received cannot be among it.
    covers: (madeAt) =>
      old.forgottenUntil === Number.NEGATIVE_INFINITY ||
      (madeAt !== null && madeAt > old.forgottenUntil + CLOCK_STEP_MS),
    makeRoom(newestReceivedAt) {
      if (young.size() < perGeneration) return;
      old = young;
      young = createGeneration(newestReceivedAt);
    },
    get size() {
      return young.size() + old.size();
    },
  };
}

// Numbers stand in arrays beside the maps, since an object for each id would double the memory.
function createGeneration(forgottenUntil: number) {
  const slots = new Map<number, Map<string, number>>();
  const contentHashes: number[] = [];
  const receivedAts: number[] = [];
  let size = 0;

  const slotOf = (projectId: number, messageId: string) => slots.get(projectId)?.get(messageId);

  return {
    forgottenUntil,
    size: () => size,
    find(projectId: number, messageId: string): SeenId | undefined {
      const slot = slotOf(projectId, messageId);
      if (slot === undefined) return undefined;
      return { contentHash: contentHashes[slot] ?? 0, receivedAt: receivedAts[slot] ?? 0 };
    },
    set(projectId: number, messageId: string, seen: SeenId) {
      let ids = slots.get(projectId);
      if (!ids) {
        ids = new Map();
        slots.set(projectId, ids);
      }
      if (!ids.has(messageId)) size += 1;
      ids.set(messageId, contentHashes.length);
      contentHashes.push(seen.contentHash);
      receivedAts.push(seen.receivedAt);
    },
    delete(projectId: number, messageId: string) {
      if (slots.get(projectId)?.delete(messageId)) size -= 1;
    },
  };
}
