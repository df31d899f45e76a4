import { describe, expect, it } from 'vitest';
import { taken } from './testing/fake-transport.ts';
import { numbered, setUpSender } from './testing/sender-fixture.ts';

const MINUTE = 60_000;

describe('createSender: unload', () => {
  it('sends within the task, and leaves what was sent in the queue until an answer comes', async () => {
    const { advance, transport, sender, outbox, sent } = setUpSender(['k', 'l']);
    transport.respond = () => undefined;
    sender.hide();
    expect(sent()).toEqual([['k', 'l']]);
    expect(outbox.pending.size).toBe(2);
    transport.requests[0]?.answer(taken);
    await advance(0);
    expect(outbox.pending.size).toBe(0);
  });

  it('stays within the room that is left', () => {
    const { transport, sender, sent } = setUpSender(numbered(20), 1000);
    transport.room = 5500;
    transport.respond = () => undefined;
    sender.hide();
    expect(sent()).toEqual([numbered(5)]);
    expect(transport.room).toBeGreaterThanOrEqual(0);
  });

  it('sends once when it is told twice, and not again from the timer', async () => {
    const { advance, transport, sender, sent } = setUpSender(['k']);
    transport.respond = () => undefined;
    sender.hide();
    sender.hide();
    await advance(MINUTE);
    expect(sent()).toEqual([['k']]);
  });

  it('sends again what is on the way by a request that ends with the page', async () => {
    const { advance, transport, sender, sent, delivered } = setUpSender(['k']);
    transport.outlivesPage = false;
    transport.respond = () => undefined;
    await advance(200);
    sender.hide();
    expect(sent()).toEqual([['k'], ['k']]);
    for (const request of transport.requests) request.answer(taken);
    await advance(0);
    expect(delivered).toEqual(['k']);
  });

  it('leaves alone what is on the way by a request that outlives the page', async () => {
    const { advance, transport, sender, sent } = setUpSender(['k']);
    transport.respond = () => undefined;
    await advance(200);
    sender.hide();
    expect(sent()).toEqual([['k']]);
  });

  it('is followed by another attempt where the page lives on and the request failed', async () => {
    const { advance, transport, sender, delivered } = setUpSender(['k']);
    transport.respond = (request) => (request.onUnload ? { status: 0 } : taken);
    sender.hide();
    await advance(MINUTE);
    sender.show();
    await advance(0);
    expect(delivered).toEqual(['k']);
  });
});
