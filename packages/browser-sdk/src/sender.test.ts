import { CLIENT_STORAGE_TTL_MS, type Verdict } from '@millrace/core';
import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { taken } from './testing/fake-transport.ts';
import { idAt, judge, numbered, setUpSender } from './testing/sender-fixture.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('createSender', () => {
  it('sends what came within the flush interval together', async () => {
    const { advance, add, sent, delivered } = setUpSender(['k']);
    await advance(100);
    add('l');
    expect(sent()).toEqual([]);
    await advance(100);
    expect(sent()).toEqual([['k', 'l']]);
    expect(delivered).toEqual(['k', 'l']);
  });

  it('sends what came while a request was under way, next and once', async () => {
    const { advance, add, sent, transport, delivered } = setUpSender(['k']);
    transport.respond = () => undefined;
    await advance(200);
    add('l');
    await advance(MINUTE);
    expect(sent()).toEqual([['k']]);
    transport.respond = () => taken;
    transport.requests[0]?.answer(taken);
    await advance(200);
    expect(sent()).toEqual([['k'], ['l']]);
    expect(delivered).toEqual(['k', 'l']);
  });

  it('empties a long queue in batches, in order', async () => {
    const ids = numbered(250);
    const { advance, sent } = setUpSender(ids);
    await advance(200);
    expect(sent().map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(sent().flat()).toEqual(ids);
  });

  it('stamps sentAt anew at each attempt', async () => {
    const { advance, transport } = setUpSender(['k']);
    transport.respond = () => (transport.requests.length === 1 ? { status: 503 } : taken);
    await advance(MINUTE);
    const [first, second] = transport.requests;
    expect(Date.parse(second?.sentAt ?? '')).toBeGreaterThan(Date.parse(first?.sentAt ?? ''));
  });

  it.each([0, 408, 425, 429, 500, 503])('sends again after %i', async (status) => {
    const { advance, transport, sent, delivered } = setUpSender(['k']);
    transport.respond = () => (transport.requests.length < 4 ? { status } : taken);
    await advance(MINUTE);
    expect(sent()).toEqual([['k'], ['k'], ['k'], ['k']]);
    expect(delivered).toEqual(['k']);
  });

  it('waits longer the more attempts fail, and at most five minutes', async () => {
    const { advance, transport } = setUpSender(['k']);
    transport.respond = () => ({ status: 500 });
    await advance(3 * 60 * MINUTE);
    const times = transport.requests.map((request) => Date.parse(request.sentAt));
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...waits.slice(0, 3))).toBeLessThan(4 * SECOND);
    expect(Math.max(...waits)).toBeGreaterThan(MINUTE);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5 * MINUTE);
  });

  it('sends nothing before Retry-After is over, by flush, unload, new events or a network either', async () => {
    const { advance, transport, sender, add, sent, delivered } = setUpSender(['k']);
    transport.respond = () => (transport.requests.length === 1 ? { status: 503, retryAfter: '30' } : taken);
    await advance(200);
    add('l');
    sender.show(true);
    sender.hide();
    sender.show();
    expect(await sender.flush()).toBe(false);
    await advance(29 * SECOND);
    expect(sent()).toEqual([['k']]);
    await advance(3 * SECOND);
    expect(sent()).toEqual([['k'], ['k', 'l']]);
    expect(delivered).toEqual(['k', 'l']);
  });

  it('waits no longer for a clock that is set back a day meanwhile', async () => {
    const { advance, transport, delivered } = setUpSender(['k']);
    transport.respond = () => (transport.requests.length === 1 ? { status: 503, retryAfter: '2' } : taken);
    await advance(SECOND);
    vi.setSystemTime(Date.now() - 24 * 60 * MINUTE);
    await advance(10 * SECOND);
    expect(delivered).toEqual(['k']);
  });

  it('believes no Retry-After of more than an hour', async () => {
    const { advance, transport, delivered } = setUpSender(['k']);
    transport.respond = () =>
      transport.requests.length === 1 ? { status: 429, retryAfter: '99999999' } : taken;
    await advance(61 * MINUTE);
    expect(delivered).toEqual(['k']);
  });

  it('acts on each verdict, and sends again what has none', async () => {
    const { advance, transport, sent, delivered, lost } = setUpSender(['k', 'l', 'm', 'n', 'o']);
    transport.respond = () =>
      transport.requests.length === 1
        ? judge(['k', 'ok'], ['l', 'rejected'], ['m', 'retry'], ['n', 'limited'])
        : taken;
    await advance(MINUTE);
    expect(sent()).toEqual([
      ['k', 'l', 'm', 'n', 'o'],
      ['m', 'n', 'o'],
    ]);
    expect(delivered).toEqual(['k', 'm', 'n', 'o']);
    expect(lost).toEqual([['rejected', ['l']]]);
  });

  it('takes no verdict for an event that was not in the request', async () => {
    const { advance, transport, add, waiting } = setUpSender(['k']);
    transport.respond = () => undefined;
    await advance(200);
    add('l');
    transport.respond = () => ({ status: 500 });
    transport.requests[0]?.answer(judge(['k', 'ok'], ['l', 'ok']));
    await advance(SECOND);
    expect(waiting()).toEqual(['l']);
  });

  it('halves a batch that is too large until it passes, then lets batches grow again', async () => {
    const ids = numbered(300);
    const { advance, transport, sent, delivered, lost } = setUpSender(ids);
    transport.respond = (request) =>
      request.names.length > 30 && transport.requests.length < 6 ? { status: 413 } : taken;
    await advance(MINUTE);
    expect(sent().map((batch) => batch.length)).toEqual([100, 50, 25, 50, 25, 50, 100, 100]);
    expect(delivered).toEqual(ids);
    expect(lost).toEqual([]);
  });

  it('gives up the one event that is too large alone, and delivers the others', async () => {
    const ids = numbered(100);
    const { advance, transport, delivered, lost } = setUpSender(ids);
    transport.respond = (request) => (request.names.includes('x37') ? { status: 413 } : taken);
    await advance(MINUTE);
    expect(lost).toEqual([['too_large', ['x37']]]);
    expect(delivered).toHaveLength(99);
  });

  it.each([400, 401, 402, 403, 404])('stops at %i and keeps what waits', async (status) => {
    const { advance, transport, sender, add, sent, stops, outbox } = setUpSender(['k']);
    transport.respond = () => ({ status });
    await advance(200);
    add('l');
    sender.show(true);
    sender.hide();
    await advance(10 * MINUTE);
    expect(sent()).toEqual([['k']]);
    expect(stops).toEqual([status]);
    expect(outbox.pending.size).toBe(2);
  });

  it('tries again after a stop when it is told to flush', async () => {
    const { advance, transport, sender, delivered } = setUpSender(['k']);
    transport.respond = () => ({ status: 401 });
    await advance(200);
    transport.respond = () => taken;
    expect(await sender.flush()).toBe(true);
    expect(delivered).toEqual(['k']);
  });

  it('gives up what waited for longer than a repetition is recognised', async () => {
    const { advance, transport, sender, add, lost, delivered } = setUpSender([idAt(Date.UTC(2026, 0, 1), 0)]);
    transport.respond = () => ({ status: 401 });
    await advance(CLIENT_STORAGE_TTL_MS + 1);
    transport.respond = () => taken;
    add('new');
    expect(await sender.flush()).toBe(true);
    expect(lost).toEqual([['expired', [idAt(Date.UTC(2026, 0, 1), 0)]]]);
    expect(delivered).toEqual(['new']);
  });

  it('sends at once when the network is back', async () => {
    const { advance, transport, sender, delivered } = setUpSender(['k']);
    transport.respond = () => ({ status: 0 });
    await advance(10 * MINUTE);
    transport.respond = () => taken;
    sender.show(true);
    await advance(0);
    expect(delivered).toEqual(['k']);
  });
});

it('delivers or counts every event, whatever the collector answers', async () => {
  const seed = freshSeed();
  const random = createSeededRandom(seed);
  const { advance, transport, sender, add, delivered, lost, outbox } = setUpSender();
  const answers = [0, 200, 200, 408, 413, 429, 500, 503];
  transport.respond = ({ names }) => {
    const status = answers[Math.floor(random.next() * answers.length)] ?? 0;
    if (status !== 200 || random.next() < 0.3) return { status, body: { success: true }, retryAfter: '2' };
    return judge(
      ...names.map((name): [string, Verdict['status']] => [name, random.next() < 0.8 ? 'ok' : 'retry']),
    );
  };
  const ids = numbered(400);
  for (const id of ids) {
    add(id);
    if (random.next() < 0.1) sender.hide();
    if (random.next() < 0.2) sender.show();
    if (random.next() < 0.1) void sender.flush();
    await advance(Math.floor(random.next() * 300));
  }
  transport.respond = () => taken;
  sender.show(true);
  sender.show();
  await advance(60 * MINUTE);
  const settled = [...delivered, ...lost.flatMap(([, messageIds]) => messageIds)];
  expect(outbox.pending.size, `seed ${seed}`).toBe(0);
  expect(settled.sort(), `seed ${seed}`).toEqual([...ids].sort());
});
