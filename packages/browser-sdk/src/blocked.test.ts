import { describe, expect, it } from 'vitest';
import { taken } from './testing/fake-transport.ts';
import { setUpSender } from './testing/sender-fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const THRESHOLD = 10;

/** A sender whose last ten requests were blocked, at the moment of the tenth. */
async function setUpBlocked() {
  const fixture = setUpSender(['k', 'l']);
  fixture.transport.respond = () => ({ status: 0 });
  while (fixture.transport.requests.length < THRESHOLD) await fixture.advance(1000);
  return fixture;
}

describe('a blocker that lets no request through', () => {
  it('ends the requests after the tenth, and holds nothing in memory that is stored', async () => {
    const { outbox, store, add, advance, sender, sent } = await setUpBlocked();
    expect(outbox.pending.size).toBe(0);
    expect(store.records.size).toBe(2);
    // Neither new events nor the page's comings and goings make a request.
    add('m');
    sender.hide();
    add('n');
    sender.show();
    await advance(1000);
    expect(sent()).toHaveLength(THRESHOLD);
    expect(store.records.size).toBe(4);
  });

  it('is tried again after a wait of an hour at most, a request each, for as long as it lasts', async () => {
    const { advance, sent, outbox } = await setUpBlocked();
    await advance(24 * HOUR);
    const tries = sent().slice(THRESHOLD);
    // Waits are random up to an hour: half an hour each on average.
    expect(tries.length).toBeGreaterThanOrEqual(23);
    expect(tries.length).toBeLessThan(100);
    expect(new Set(tries.map(String))).toEqual(new Set(['k,l']));
    expect(outbox.pending.size).toBe(0);
  });

  it('ends: everything that waited is delivered, once', async () => {
    const { advance, transport, delivered, add, store } = await setUpBlocked();
    add('m');
    transport.respond = () => taken;
    await advance(HOUR);
    expect([...delivered].sort()).toEqual(['k', 'l', 'm']);
    expect(store.records.size).toBe(0);
  });

  it('is tried again when the page is seen, where its time came while it was hidden', async () => {
    const { advance, transport, sender, delivered } = await setUpBlocked();
    sender.hide();
    await advance(HOUR);
    transport.respond = () => taken;
    sender.show();
    await advance(1000);
    expect([...delivered].sort()).toEqual(['k', 'l']);
  });

  it('is tried at once when the browser says that it is online', async () => {
    const { advance, transport, sender, delivered } = await setUpBlocked();
    transport.respond = () => taken;
    sender.show(true);
    await advance(0);
    expect([...delivered].sort()).toEqual(['k', 'l']);
  });
});
