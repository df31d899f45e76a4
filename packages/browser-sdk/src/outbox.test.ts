import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createOutbox } from './outbox.ts';
import { createFakeStore, type FakeStore } from './testing/fake-store.ts';
import { stubLocalStorage } from './testing/local-storage.ts';
import { idAt } from './testing/sender-fixture.ts';

const NOW = Date.UTC(2026, 0, 1);

/** Two tabs of one origin, an hour after `id(...)` was made; each event is of about `size` bytes. */
function setUp(store: FakeStore = createFakeStore()) {
  vi.useFakeTimers({ now: NOW + 3_600_000, toFake: ['Date'] });
  const spilled = stubLocalStorage();
  onTestFinished(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const openTab = () => createOutbox(store, 'spill.', () => true);
  const id = (number: number) => idAt(NOW, number);
  const json = (number: number, size = 100) => JSON.stringify({ number, filler: 'x'.repeat(size) });
  return { store, spilled, openTab, id, json };
}

/** After every promise chain that is under way. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('createOutbox', () => {
  it('writes the events of one task together, and removes them when they are settled', async () => {
    const { store, openTab, id, json } = setUp();
    const tab = openTab();
    for (const number of [1, 2]) tab.addEvent(id(number), json(number));
    expect(store.writes).toEqual([]);
    await settled();
    expect(store.writes).toEqual([`save ${id(1)} ${id(2)}`]);
    expect(tab.settle([id(1), id(2), id(3)])).toEqual([id(1), id(2)]);
    await settled();
    expect(store.records.size).toBe(0);
  });

  it('gives to another tab what a closed one left, and forgets there what the other settled', async () => {
    const { openTab, id, json } = setUp();
    const [left, right] = [openTab(), openTab()];
    left.addEvent(id(1), json(1));
    await settled();
    await right.syncStored();
    expect([...right.pending.values()].map((event) => event.jsonText)).toEqual([json(1)]);
    right.settle([id(1)]);
    await settled();
    await left.syncStored();
    expect(left.pending.size).toBe(0);
  });

  it('leaves to a page what it made just now', async () => {
    const { openTab, json } = setUp();
    openTab().addEvent(idAt(Date.now(), 1), json(1));
    await settled();
    const other = openTab();
    await other.syncStored();
    expect(other.pending.size).toBe(0);
    vi.setSystemTime(Date.now() + 4000);
    await other.syncStored();
    expect(other.pending.size).toBe(1);
  });

  it('spills what is not committed, which the next page takes, and stores before it is gone', async () => {
    const { store, spilled, openTab, id, json } = setUp();
    store.until = new Promise(() => {});
    const tab = openTab();
    tab.addEvent(id(1), json(1));
    await settled();
    tab.spillUnsaved();
    expect(spilled).toEqual({ [`spill.${id(1)}`]: json(1) });

    store.until = undefined;
    const next = openTab();
    await next.syncStored();
    expect(next.pending.has(id(1))).toBe(true);
    await settled();
    expect(store.records.size).toBe(1);
    expect(spilled).toEqual({});
  });

  it('takes its spill back once the store has it', async () => {
    const { spilled, openTab, id, json } = setUp();
    const tab = openTab();
    tab.addEvent(id(1), json(1));
    tab.spillUnsaved();
    expect(Object.keys(spilled)).toHaveLength(1);
    await settled();
    expect(spilled).toEqual({});
  });

  it('stores the 1,000 events of one task a hundred at a time, in order', async () => {
    const { store, openTab, id, json } = setUp();
    const tab = openTab();
    const ids = Array.from({ length: 1000 }, (_, number) => id(number));
    for (const [number, one] of ids.entries()) tab.addEvent(one, json(number));
    await settled();
    const saves = store.writes.map((write) => write.split(' ').slice(1));
    expect(saves.map((saved) => saved.length)).toEqual(Array(10).fill(100));
    expect(saves.flat()).toEqual(ids);
    expect(store.records.size).toBe(1000);
  });

  it('gives all 1,000 to the store when the page is left, though it saves a hundred at a time otherwise', async () => {
    const { store, spilled, openTab, id, json } = setUp();
    const tab = openTab();
    for (let number = 0; number < 1000; number++) tab.addEvent(id(number), json(number));
    tab.spillUnsaved();
    // Within the task: after it there may be none.
    expect(store.writes.flatMap((write) => write.split(' ').slice(1))).toHaveLength(1000);
    expect(Object.keys(spilled)).toHaveLength(1000);
    await settled();
    expect(store.records.size).toBe(1000);
    expect(spilled).toEqual({});
  });

  it('keeps no more than 2 MB of all tabs together, and refuses what is too large', async () => {
    const { openTab, id, json } = setUp();
    const tab = openTab();
    const refusals = Array.from({ length: 80 }, (_, number) =>
      tab.addEvent(id(number), json(number, 30_000)),
    );
    const taken = refusals.filter((refusal) => !refusal).length;
    expect(taken).toBe(69);
    expect(new Set(refusals.slice(taken))).toEqual(new Set(['queue_full']));
    expect(tab.addEvent(id(99), json(99, 40_000))).toBe('too_large');
    await settled();
    const other = openTab();
    await other.syncStored();
    expect(other.addEvent(id(100), json(100, 30_000))).toBe('queue_full');
  });

  it('lets go of what the store has, still counts it, and takes it again', async () => {
    const { openTab, id, json } = setUp();
    const tab = openTab();
    for (let number = 0; number < 60; number++) tab.addEvent(id(number), json(number, 30_000));
    await settled();
    tab.releaseStored();
    expect(tab.pending.size).toBe(0);
    for (let number = 60; number < 69; number++)
      expect(tab.addEvent(id(number), json(number, 30_000))).toBe(false);
    expect(tab.addEvent(id(70), json(70, 30_000))).toBe('queue_full');
    await tab.syncStored();
    expect(tab.pending.size).toBe(69);
  });

  it('with a store that is blocked, holds events in memory', async () => {
    const store = createFakeStore();
    store.isBlocked = true;
    const { openTab, id, json } = setUp(store);
    const tab = openTab();
    tab.addEvent(id(1), json(1));
    await settled();
    await tab.syncStored();
    expect(tab.settle([id(1)])).toEqual([id(1)]);
  });
});
