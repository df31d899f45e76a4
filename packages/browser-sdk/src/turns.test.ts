import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createKeyValues } from './key-values.ts';
import { createFakeStore } from './testing/fake-store.ts';
import { taken } from './testing/fake-transport.ts';
import { stubLocalStorage } from './testing/local-storage.ts';
import { setUpSender } from './testing/sender-fixture.ts';
import { createTurns } from './turns.ts';

const SECOND = 1000;
const LEASE_MS = 30 * SECOND;

// A page on plain http has no locks.
beforeEach(() => {
  vi.stubGlobal('navigator', {});
  stubLocalStorage();
  onTestFinished(() => void vi.unstubAllGlobals());
});

/** Two tabs of one origin, whose storage is the same. Every event is open to both of them. */
function openTabs() {
  const store = createFakeStore();
  const openTab = () => {
    const turns = createTurns(
      'name',
      createKeyValues('tab.', () => true),
    );
    return setUpSender([], 100, store, turns);
  };
  return { store, left: openTab(), right: openTab() };
}

describe('two tabs without locks', () => {
  it('one waits while the other sends, then sends its own, and nothing of what was confirmed', async () => {
    const { store, left, right } = openTabs();
    left.transport.respond = () => undefined;
    left.add('k', 'l');
    await left.advance(200);
    expect(left.sent()).toEqual([['k', 'l']]);
    right.add('m');
    await right.advance(5 * SECOND);
    expect(right.sent()).toEqual([]);

    left.transport.respond = () => taken;
    left.transport.requests[0]?.answer(taken);
    await right.advance(SECOND);
    expect([...left.sent().slice(1), ...right.sent()]).toEqual([['m']]);
    expect([...left.delivered, ...right.delivered].sort()).toEqual(['k', 'l', 'm']);
    expect(store.records.size).toBe(0);
  });

  it('of an event that both hold, the one that is later sends nothing', async () => {
    const { left, right } = openTabs();
    left.transport.respond = () => undefined;
    left.add('k');
    await left.advance(0);
    await right.outbox.syncStored();
    expect(right.waiting()).toEqual(['k']);
    await left.advance(200);
    right.sender.wake();
    await right.advance(SECOND);
    left.transport.requests[0]?.answer(taken);
    await right.advance(LEASE_MS);
    expect(right.sent()).toEqual([]);
    expect(right.waiting()).toEqual([]);
  });

  it('one that is closed while it sends holds the other up no longer than its lease', async () => {
    const { left, right } = openTabs();
    // As if it were closed: it never hears, and does nothing more.
    left.transport.respond = () => undefined;
    left.add('k');
    await left.advance(200);
    right.add('l');
    await right.advance(LEASE_MS - SECOND);
    expect(right.sent()).toEqual([]);
    await right.advance(2 * SECOND);
    expect(right.delivered.sort()).toEqual(['k', 'l']);
  });

  it('one that is hidden gives its turn back at once, and repeats nothing when it is seen again', async () => {
    const { left, right } = openTabs();
    left.transport.respond = () => undefined;
    left.add('k');
    await left.advance(200);
    left.sender.hide();
    right.add('l');
    await right.advance(SECOND);
    expect(right.delivered.sort()).toEqual(['k', 'l']);

    // The network of the hidden one was cut; what it holds was confirmed to the other.
    const before = left.sent().length;
    left.transport.respond = () => taken;
    for (const request of left.transport.requests) request.answer({ status: 0 });
    left.sender.show();
    await left.advance(5 * 60 * SECOND);
    expect(left.sent().slice(before)).toEqual([]);
    expect(left.waiting()).toEqual([]);
  });

  it('a clock that is set back a day does not keep a lease for a day', async () => {
    const { left, right } = openTabs();
    left.transport.respond = () => undefined;
    left.add('k');
    await left.advance(200);
    vi.setSystemTime(Date.now() - 24 * 3600 * SECOND);
    right.add('l');
    await right.advance(SECOND);
    expect(right.delivered.sort()).toEqual(['k', 'l']);
  });
});
