import type { EventStore, PendingEvent } from '@millrace/core';
import { createPendingEvent } from '@millrace/core/testing';
import { describe, expect, it } from 'vitest';
import { createWriteBehind } from './write-behind.ts';

/** A store in memory that logs its calls; its writes end when `finish` is called, or at once. */
function createFakeStore({ hangs = false, fails = false } = {}) {
  const calls: string[] = [];
  const kept = new Map<string, PendingEvent>();
  const finish: (() => void)[] = [];
  const store: EventStore = {
    load: async () => {
      if (fails) throw new Error('blocked');
      return [...kept.values()];
    },
    async save(events) {
      calls.push(`save ${events.map((event) => event.messageId)}`);
      if (fails) throw new Error('blocked');
      for (const event of events) kept.set(event.messageId, event);
      if (hangs) await new Promise<void>((resolve) => finish.push(resolve));
    },
    async remove(ids) {
      calls.push(`remove ${ids}`);
      if (fails) throw new Error('blocked');
      for (const id of ids) kept.delete(id);
    },
  };
  return { store, calls, kept, finish };
}

/** After every promise chain that is under way. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('createWriteBehind', () => {
  it('writes the events of one task together', async () => {
    const { store, calls } = createFakeStore();
    const behind = createWriteBehind(store);
    for (const id of ['a', 'b']) behind.keep(createPendingEvent(id));
    expect(calls).toEqual([]);
    await settled();
    expect(calls).toEqual(['save a,b']);
  });

  it('removes what is written, and does not write what is forgotten first', async () => {
    const { store, calls } = createFakeStore();
    const behind = createWriteBehind(store);
    behind.keep(createPendingEvent('a'));
    await settled();
    behind.keep(createPendingEvent('b'));
    behind.forget(['a', 'b']);
    await settled();
    expect(calls).toEqual(['save a', 'remove a']);
  });

  it('opens a bounded number of writes where the store hangs, and writes the rest when it goes on', async () => {
    const { store, calls, kept, finish } = createFakeStore({ hangs: true });
    const behind = createWriteBehind(store);
    for (let i = 0; i < 20; i++) {
      behind.keep(createPendingEvent(`e${i}`));
      await settled();
    }
    expect(calls).toHaveLength(8);
    finish[0]?.();
    await settled();
    expect(kept.size).toBe(20);
    expect(calls).toHaveLength(9);
  });

  it('hides a store that fails', async () => {
    const behind = createWriteBehind(createFakeStore({ fails: true }).store);
    behind.keep(createPendingEvent('a'));
    await settled();
    behind.forget(['a']);
    expect(await behind.load()).toEqual([]);
  });
});
