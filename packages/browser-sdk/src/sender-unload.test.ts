import { describe, expect, it } from 'vitest';
import { taken } from './testing/fake-transport.ts';
import { numbered, setUpSender } from './testing/sender-fixture.ts';

const MINUTE = 60_000;

describe('createSender: unload', () => {
  it('sends within the task, and leaves what was sent in the queue until an answer comes', async () => {
    const { clock, transport, sender, queue, sent } = setUpSender(['a', 'b']);
    transport.respond = () => undefined;
    sender.unload();
    expect(sent()).toEqual([['a', 'b']]);
    expect(queue.size).toBe(2);
    transport.requests[0]?.answer(taken);
    await clock.advance(0);
    expect(queue.size).toBe(0);
  });

  it('stays within the room that is left', () => {
    const { transport, sender, sent } = setUpSender(numbered(20), 1000);
    transport.room = 5500;
    sender.unload();
    expect(sent()).toEqual([numbered(5)]);
    expect(transport.room).toBeGreaterThanOrEqual(0);
  });

  it('sends once when it is told twice, and not again from the timer', async () => {
    const { clock, transport, sender, sent } = setUpSender(['a']);
    transport.respond = () => undefined;
    sender.unload();
    sender.unload();
    await clock.advance(MINUTE);
    expect(sent()).toEqual([['a']]);
  });

  it('sends again what is on the way by a request that ends with the page', async () => {
    const { clock, transport, sender, sent, delivered } = setUpSender(['a']);
    transport.outlivesPage = false;
    transport.respond = () => undefined;
    await clock.advance(200);
    sender.unload();
    expect(sent()).toEqual([['a'], ['a']]);
    for (const request of transport.requests) request.answer(taken);
    await clock.advance(0);
    expect(delivered).toEqual(['a']);
  });

  it('leaves alone what is on the way by a request that outlives the page', async () => {
    const { clock, transport, sender, sent } = setUpSender(['a']);
    transport.respond = () => undefined;
    await clock.advance(200);
    sender.unload();
    expect(sent()).toEqual([['a']]);
  });

  it('is followed by another attempt where the page lives on and the request failed', async () => {
    const { clock, transport, sender, delivered } = setUpSender(['a']);
    transport.respond = (request) => (request.onUnload ? { status: 0 } : taken);
    sender.unload();
    await clock.advance(MINUTE);
    expect(delivered).toEqual(['a']);
  });
});
