import { CLIENT_STORAGE_TTL_MS, type Verdict } from '@millrace/core';
import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { describe, expect, it } from 'vitest';
import { taken } from './testing/fake-transport.ts';
import { judge, numbered, setUpSender } from './testing/sender-fixture.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('createSender', () => {
  it('sends what came within the flush interval together', async () => {
    const { clock, add, sent, delivered } = setUpSender(['a']);
    await clock.advance(100);
    add('b');
    expect(sent()).toEqual([]);
    await clock.advance(100);
    expect(sent()).toEqual([['a', 'b']]);
    expect(delivered).toEqual(['a', 'b']);
  });

  it('sends what came while a request was under way, next and once', async () => {
    const { clock, add, sent, transport, delivered } = setUpSender(['a']);
    transport.respond = () => undefined;
    await clock.advance(200);
    add('b');
    await clock.advance(MINUTE);
    expect(sent()).toEqual([['a']]);
    transport.respond = () => taken;
    transport.requests[0]?.answer(taken);
    await clock.advance(200);
    expect(sent()).toEqual([['a'], ['b']]);
    expect(delivered).toEqual(['a', 'b']);
  });

  it('empties a long queue in batches, in order', async () => {
    const ids = numbered(250);
    const { clock, sent } = setUpSender(ids);
    await clock.advance(200);
    expect(sent().map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(sent().flat()).toEqual(ids);
  });

  it('stamps sentAt anew at each attempt', async () => {
    const { clock, transport } = setUpSender(['a']);
    transport.respond = () => (transport.requests.length === 1 ? { status: 503 } : taken);
    await clock.advance(MINUTE);
    const [first, second] = transport.requests;
    expect(Date.parse(second?.sentAt ?? '')).toBeGreaterThan(Date.parse(first?.sentAt ?? ''));
  });

  it.each([0, 408, 425, 429, 500, 503])('sends again after %i', async (status) => {
    const { clock, transport, sent, delivered } = setUpSender(['a']);
    transport.respond = () => (transport.requests.length < 4 ? { status } : taken);
    await clock.advance(MINUTE);
    expect(sent()).toEqual([['a'], ['a'], ['a'], ['a']]);
    expect(delivered).toEqual(['a']);
  });

  it('waits longer the more attempts fail, and at most five minutes', async () => {
    const { clock, transport } = setUpSender(['a']);
    transport.respond = () => ({ status: 500 });
    await clock.advance(3 * 60 * MINUTE);
    const times = transport.requests.map((request) => Date.parse(request.sentAt));
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...waits.slice(0, 3))).toBeLessThan(4 * SECOND);
    expect(Math.max(...waits)).toBeGreaterThan(MINUTE);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * MINUTE);
  });

  it('sends nothing before Retry-After is over, by flush, unload, new events or a network either', async () => {
    const { clock, transport, sender, add, sent, delivered } = setUpSender(['a']);
    transport.respond = () => (transport.requests.length === 1 ? { status: 503, retryAfter: '30' } : taken);
    await clock.advance(200);
    add('b');
    sender.hurry();
    sender.unload();
    expect(await sender.flush()).toBe(false);
    await clock.advance(29 * SECOND);
    expect(sent()).toEqual([['a']]);
    await clock.advance(3 * SECOND);
    expect(sent()).toEqual([['a'], ['a', 'b']]);
    expect(delivered).toEqual(['a', 'b']);
  });

  it('believes no Retry-After of more than an hour', async () => {
    const { clock, transport, delivered } = setUpSender(['a']);
    transport.respond = () =>
      transport.requests.length === 1 ? { status: 429, retryAfter: '99999999' } : taken;
    await clock.advance(61 * MINUTE);
    expect(delivered).toEqual(['a']);
  });

  it('acts on each verdict, and sends again what has none', async () => {
    const { clock, transport, sent, delivered, lost } = setUpSender(['a', 'b', 'c', 'd', 'e']);
    transport.respond = () =>
      transport.requests.length === 1
        ? judge(['a', 'ok'], ['b', 'rejected'], ['c', 'retry'], ['d', 'limited'])
        : taken;
    await clock.advance(MINUTE);
    expect(sent()).toEqual([
      ['a', 'b', 'c', 'd', 'e'],
      ['c', 'd', 'e'],
    ]);
    expect(delivered).toEqual(['a', 'c', 'd', 'e']);
    expect(lost).toEqual([['rejected', ['b']]]);
  });

  it('takes no verdict for an event that was not in the request', async () => {
    const { clock, transport, add, queue } = setUpSender(['a']);
    transport.respond = () => undefined;
    await clock.advance(200);
    add('b');
    transport.respond = () => ({ status: 500 });
    transport.requests[0]?.answer(judge(['a', 'ok'], ['b', 'ok']));
    await clock.advance(SECOND);
    expect([...queue].map((event) => event.messageId)).toEqual(['b']);
  });

  it('halves a batch that is too large until it passes, then lets batches grow again', async () => {
    const ids = numbered(300);
    const { clock, transport, sent, delivered, lost } = setUpSender(ids);
    transport.respond = (request) =>
      request.ids.length > 30 && transport.requests.length < 6 ? { status: 413 } : taken;
    await clock.advance(MINUTE);
    expect(sent().map((batch) => batch.length)).toEqual([100, 50, 25, 50, 25, 50, 100, 100]);
    expect(delivered).toEqual(ids);
    expect(lost).toEqual([]);
  });

  it.each([
    [413, 'too_large'],
    [400, 'refused'],
  ])(
    'gives up the one event that is answered with %i alone, and delivers the others',
    async (status, loss) => {
      const ids = numbered(100);
      const { clock, transport, delivered, lost } = setUpSender(ids);
      transport.respond = (request) => (request.ids.includes('e37') ? { status } : taken);
      await clock.advance(MINUTE);
      expect(lost).toEqual([[loss, ['e37']]]);
      expect(delivered).toHaveLength(99);
    },
  );

  it.each([401, 402, 403, 404])('stops at %i and keeps what waits', async (status) => {
    const { clock, transport, sender, add, sent, stops, queue } = setUpSender(['a']);
    transport.respond = () => ({ status });
    await clock.advance(200);
    add('b');
    sender.hurry();
    sender.unload();
    await clock.advance(10 * MINUTE);
    expect(sent()).toEqual([['a']]);
    expect(stops).toEqual([status]);
    expect(queue.size).toBe(2);
  });

  it('tries again after a stop when it is told to flush', async () => {
    const { clock, transport, sender, delivered } = setUpSender(['a']);
    transport.respond = () => ({ status: 401 });
    await clock.advance(200);
    transport.respond = () => taken;
    expect(await sender.flush()).toBe(true);
    expect(delivered).toEqual(['a']);
  });

  it('gives up what waited for longer than a repetition is recognised', async () => {
    const { clock, transport, sender, add, lost, delivered } = setUpSender(['old']);
    transport.respond = () => ({ status: 401 });
    await clock.advance(CLIENT_STORAGE_TTL_MS + 1);
    transport.respond = () => taken;
    add('new');
    expect(await sender.flush()).toBe(true);
    expect(lost).toEqual([['expired', ['old']]]);
    expect(delivered).toEqual(['new']);
  });

  it('sends at once when the network is back', async () => {
    const { clock, transport, sender, delivered } = setUpSender(['a']);
    transport.respond = () => ({ status: 0 });
    await clock.advance(10 * MINUTE);
    transport.respond = () => taken;
    sender.hurry();
    await clock.advance(0);
    expect(delivered).toEqual(['a']);
  });
});

it('delivers or counts every event, whatever the collector answers', async () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const { clock, transport, sender, add, delivered, lost, queue } = setUpSender();
  const answers = [0, 200, 200, 400, 413, 429, 500, 503];
  transport.respond = ({ ids }) => {
    const status = answers[Math.floor(random.next() * answers.length)] ?? 0;
    if (status !== 200 || random.next() < 0.3) return { status, body: { success: true }, retryAfter: '2' };
    return judge(...ids.map((id): [string, Verdict['status']] => [id, random.next() < 0.8 ? 'ok' : 'retry']));
  };
  const ids = numbered(400);
  for (const id of ids) {
    add(id);
    if (random.next() < 0.1) sender.unload();
    if (random.next() < 0.1) void sender.flush();
    await clock.advance(Math.floor(random.next() * 300));
  }
  transport.respond = () => taken;
  await clock.advance(60 * MINUTE);
  const settled = [...delivered, ...lost.flatMap(([, messageIds]) => messageIds)];
  expect(queue.size, `seed ${seed}`).toBe(0);
  expect(settled.sort(), `seed ${seed}`).toEqual([...ids].sort());
});
