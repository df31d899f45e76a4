import { type LossReason, MAX_EVENT_BYTES } from '@millrace/core';
import { localKeys, writeLocal } from './key-values.ts';
import type { EventStore } from './store.ts';
import type { Delivery } from './transport.ts';

// What may wait in all, so that neither memory nor storage is ever filled.
const MAX_BYTES = 2 * 1024 * 1024;
// localStorage holds 5 MB, and most of it is the host's.
const MAX_SPILL_BYTES = 256 * 1024;
// So long the page that made an event is left alone with it: it may be about to hear that it was delivered.
const OWN_MS = 3000;
const ID_LENGTH = 36;
// So much of what other pages left is brought into memory at a time.
const MAX_ADOPTED = 100;
// So many events are stored at a time: more would hold up what else the page does.
const MAX_SAVED = 100;
const encoder = new TextEncoder();

/** An event that waits for delivery. */
export interface PendingEvent {
  id: string;
  /** Its key in the store: the id and the size, so that a list of keys says how much is there. */
  recordKey: string;
  byteLength: number;
  /** Its JSON, made once so that every attempt sends the same bytes. */
  jsonText: string;
  /** Whether the store has it for certain; undefined before it was tried. */
  isStored?: boolean | undefined;
  /** Whether localStorage has it. */
  isSpilled?: unknown;
  /** The attempt that is under way. */
  delivery?: Delivery | undefined;
}

/** The events that wait: in memory at once, in the store a moment later, until their fate is known. */
export interface Outbox {
  /** Those in memory, by id. */
  readonly pending: ReadonlyMap<string, PendingEvent>;
  /** Takes an event, or says why not. */
  addEvent(id: string, jsonText: string): LossReason | false;
  /** Takes events out, whose fate is known; returns the ids of those that were still there. */
  settle(ids: readonly string[]): string[];
  /** Takes some of what closed pages left, and lets go of what other tabs have settled. */
  syncStored(): Promise<void>;
  /** Gives all to the store, and writes what that does not have for certain to localStorage, at once. */
  spillUnsaved(): void;
  /** Lets go of what the store has, until it is taken again. */
  releaseStored(): void;
  /** Stores what is in memory alone. */
  storeUnsaved(): void;
  /** Forgets what is in memory. */
  forgetPending(): void;
  /** Removes what is stored, of all tabs. */
  purgeStored(): void;
}

/** How old the event of this id is, in milliseconds; NaN for an id that tells no time. */
export const ageOf = (id: string): number => Date.now() - Number.parseInt(id.replace('-', ''), 16);

/** An outbox over `disk` and over localStorage under `prefix`, which are used while `mayStore` says so. */
export function createOutbox(disk: EventStore, prefix: string, mayStore: () => boolean): Outbox {
  const pending = new Map<string, PendingEvent>();
  const unsaved = new Set<PendingEvent>();
  // Keys whose records are to be removed.
  const settled = new Set<string>();
  // Of all that waits, in memory or in the store.
  let totalBytes = 0;
  let isQueued = false;
  let writes: Promise<unknown> = Promise.resolve();

  const insert = (id: string, jsonText: string, isSpilled?: boolean, isStored?: boolean): PendingEvent => {
    const byteLength = encoder.encode(jsonText).length;
    const event = { id, recordKey: `${id}.${byteLength}`, byteLength, jsonText, isStored, isSpilled };
    pending.set(id, event);
    totalBytes += byteLength;
    return event;
  };

  const unspill = (event: PendingEvent): void => {
    if (event.isSpilled) localStorage.removeItem(prefix + event.id);
  };

  const remove = (event: PendingEvent): void => {
    pending.delete(event.id);
    unsaved.delete(event);
    totalBytes -= event.byteLength;
    unspill(event);
    if (event.isStored !== undefined) settled.add(event.recordKey);
  };

  /** Brings the store up to date by `count` events: removes first, because that makes room. */
  const update = async (count: number): Promise<void> => {
    isQueued = false;
    const toRemove = [...settled];
    const toSave = [...unsaved].slice(0, count);
    settled.clear();
    for (const event of toSave) {
      event.isStored = false;
      unsaved.delete(event);
    }
    try {
      if (toRemove[0]) await disk.removeRecords(toRemove);
      if (toSave[0]) await disk.saveRecords(toSave);
      for (const event of toSave) {
        event.isStored = true;
        unspill(event);
      }
    } catch {
      // Blocked or full: memory still holds them, and a page that is left spills them.
    }
    if (unsaved.size) storeUnsaved();
  };

  /** Updates the store after the running task, once for all of it, one update at a time and none of them long. */
  const storeUnsaved = (): void => {
    if (isQueued || !mayStore()) return;
    isQueued = true;
    writes = writes.then(() => update(MAX_SAVED));
  };

  /** Whether an event that is stored belongs to no page that is at work on it. */
  const isAbandoned = (id: string): boolean => !pending.has(id) && !(Math.abs(ageOf(id)) < OWN_MS);

  const addEvent = (id: string, jsonText: string, isSpilled?: boolean): LossReason | false => {
    const event = insert(id, jsonText, isSpilled);
    const loss =
      (event.byteLength > MAX_EVENT_BYTES && 'too_large') || (totalBytes > MAX_BYTES && 'queue_full');
    if (loss) {
      remove(event);
    } else {
      unsaved.add(event);
      storeUnsaved();
    }
    return loss;
  };

  const takeSpilled = (): void => {
    for (const name of localKeys(prefix)) {
      const id = name.slice(prefix.length);
      if (isAbandoned(id)) addEvent(id, localStorage.getItem(name) as string, true);
    }
  };

  return {
    pending,
    addEvent,
    settle(ids) {
      const known = ids.filter((id) => pending.has(id));
      for (const id of known) remove(pending.get(id) as PendingEvent);
      storeUnsaved();
      return known;
    },
    async syncStored() {
      try {
        if (!mayStore()) return;
        takeSpilled();
        const before = [...pending.values()];
        const keys = (await disk.listKeys()).filter((key) => !settled.has(key));
        const kept = new Set(keys);
        // Another tab has settled what is gone.
        for (const event of before) if (event.isStored && !kept.has(event.recordKey)) remove(event);
        await disk.readRecords(
          keys.filter((key) => isAbandoned(key.slice(0, ID_LENGTH))).slice(0, MAX_ADOPTED),
          (key, jsonText) => insert(key.slice(0, ID_LENGTH), jsonText, false, true),
        );
        totalBytes = 0;
        for (const key of keys) totalBytes += +key.slice(ID_LENGTH + 1);
        for (const event of pending.values()) if (!event.isStored) totalBytes += event.byteLength;
      } catch {
        // Blocked: what is in memory is all there is.
      }
    },
    spillUnsaved() {
      if (!mayStore()) return;
      void update(unsaved.size);
      let room = MAX_SPILL_BYTES;
      for (const event of pending.values()) {
        if (event.isStored || event.isSpilled) continue;
        room -= event.byteLength;
        event.isSpilled = room > 0 && writeLocal(prefix + event.id, event.jsonText);
      }
    },
    releaseStored() {
      for (const event of pending.values()) if (event.isStored) pending.delete(event.id);
    },
    storeUnsaved,
    forgetPending() {
      for (const event of pending.values()) remove(event);
    },
    purgeStored() {
      writes = writes.then(disk.removeAll).catch(() => {});
    },
  };
}
