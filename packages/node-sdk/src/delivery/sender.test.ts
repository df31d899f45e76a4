import type { TransportAnswer } from '@millrace/core';
import { describe, expect, it } from 'vitest';
import { createFakePlatform } from '../testing/fake-platform.ts';
import { createOutbox } from './outbox.ts';
import { createSender } from './sender.ts';

type Sent = { at: number; ids: string[] };

function setUp(answers: ((sent: Sent) => TransportAnswer)[], options: { flushAt?: number } = {}) {
  const platform = createFakePlatform();
  const outbox = createOutbox({ maxCount: 1000, maxBytes: 1e6 });
  const sent: Sent[] = [];
  const settled: [string[], string | undefined][] = [];
  const stopped: number[] = [];
  const ok = (): TransportAnswer => ({ status: 200, body: { success: true } });
  const sender = createSender({
    writeKey: 'wk',
    flushIntervalMs: 500,
    flushAt: 100,
    maxInFlight: 2,
    ...options,
    outbox,
    platform,
    transport: async (body) => {
      const { batch } = JSON.parse(body) as { batch: { messageId: string }[] };
      const one = { at: platform.monotonic(), ids: batch.map(({ messageId }) => messageId) };
      sent.push(one);
      return (answers[sent.length - 1] ?? ok)(one);
    },
    onSettled: (events, loss) => settled.push([events.map(({ messageId }) => messageId), loss]),
    onStopped: (status) => stopped.push(status),
  });
  const put = (...ids: string[]): void => {
    for (const messageId of ids) {
      const json = JSON.stringify({ messageId });
      outbox.add({ messageId, json, bytes: json.length, since: platform.monotonic() });
      sender.wake();
    }
  };
  return { platform, outbox, sender, sent, settled, stopped, put };
}

describe('createSender', () => {
  it('sends what came within the interval as one batch', async () => {
    const { platform, sent, settled, put } = setUp([]);
    put('a', 'b');
    await platform.advance(499);
    expect(sent).toEqual([]);
    put('c');
    await platform.advance(1);
    expect(sent).toEqual([{ at: 500, ids: ['a', 'b', 'c'] }]);
    expect(settled).toEqual([[['a', 'b', 'c'], undefined]]);
  });

  it('sends a full batch at once', async () => {
    const { platform, sent, put } = setUp([], { flushAt: 2 });
    put('a', 'b', 'c');
    await platform.advance(0);
    expect(sent).toEqual([{ at: 0, ids: ['a', 'b'] }]);
  });

  it.each([0, 408, 425, 429, 500, 503])('sends again after %d, one batch at a time', async (status) => {
    const { platform, sent, settled, put } = setUp([() => ({ status }), () => ({ status })], {
      flushAt: 2,
    });
    put('a', 'b', 'c', 'd', 'e', 'f');
    await platform.advance(60_000);
    expect(
      sent
        .slice(2)
        .flatMap(({ ids }) => ids)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(sent[3]?.at).toBeGreaterThanOrEqual(sent[2]?.at ?? 0);
    expect(sent[2]?.at).toBeLessThan(2_000);
    expect(settled.flatMap(([ids]) => ids).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('waits for as long as Retry-After says', async () => {
    const { platform, sent, put } = setUp([() => ({ status: 429, retryAfter: '30' })]);
    put('a');
    await platform.advance(120_000);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.at).toBeGreaterThanOrEqual(30_500);
    expect(sent[1]?.at).toBeLessThan(32_000);
  });

  it('halves a batch that is too large, and gives up an event that is so alone', async () => {
    const tooLarge = ({ ids }: Sent): TransportAnswer =>
      ids.includes('big') ? { status: 413 } : { status: 200, body: { success: true } };
    const { platform, settled, put } = setUp(Array.from({ length: 20 }, () => tooLarge));
    put('a', 'b', 'big', 'c');
    await platform.advance(10_000);
    expect(settled.find(([, loss]) => loss)).toEqual([['big'], 'too_large']);
    expect(
      settled
        .filter(([, loss]) => !loss)
        .flatMap(([ids]) => ids)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
  });

  it('goes by the verdicts: taken, rejected, again', async () => {
    const verdicts = [
      { messageId: 'a', status: 'ok' },
      { messageId: 'b', status: 'rejected' },
      { messageId: 'c', status: 'retry' },
    ];
    const { platform, sent, settled, put } = setUp([
      () => ({ status: 200, body: { success: true, verdicts } }),
    ]);
    put('a', 'b', 'c', 'd');
    await platform.advance(5_000);
    expect(settled.slice(0, 2)).toEqual([
      [['a'], undefined],
      [['b'], 'rejected'],
    ]);
    expect(sent[1]?.ids).toEqual(['c', 'd']);
  });

  it.each([400, 401, 402, 403])(
    'stops at %d, keeps what waits, and tries again when it is flushed',
    async (status) => {
      const { platform, sent, sender, outbox, stopped, put } = setUp([() => ({ status })]);
      put('a');
      await platform.advance(100_000);
      put('b');
      await platform.advance(100_000);
      expect([sent.length, stopped, outbox.size]).toEqual([1, [status], 2]);
      const flushed = sender.flush(1000);
      await platform.advance(0);
      expect(await flushed).toBe(true);
      expect(sent[1]?.ids).toEqual(['a', 'b']);
    },
  );

  it('takes a captive portal for no answer', async () => {
    const { platform, sent, put } = setUp([() => ({ status: 200, body: undefined })]);
    put('a');
    await platform.advance(5_000);
    expect(sent).toHaveLength(2);
  });

  it('flush ends at its deadline while the collector is away', async () => {
    const { platform, sender, outbox, put } = setUp(
      Array.from({ length: 50 }, () => () => ({ status: 503 })),
    );
    put('a');
    const flushed = sender.flush(3_000);
    await platform.advance(3_000);
    expect(await flushed).toBe(false);
    expect(outbox.size).toBe(1);
  });

  it('gives up what has waited for a week', async () => {
    const { platform, settled, put } = setUp(Array.from({ length: 20_000 }, () => () => ({ status: 503 })));
    put('a');
    await platform.advance(8 * 24 * 3600 * 1000);
    expect(settled).toEqual([[['a'], 'expired']]);
  });
});
