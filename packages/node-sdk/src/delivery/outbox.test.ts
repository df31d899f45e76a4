import { createSeededRandom, freshSeed } from '@millrace/core/testing';
import { describe, expect, it } from 'vitest';
import { createOutbox, type PendingEvent } from './outbox.ts';

const event = (id: number, bytes = 10): PendingEvent => ({
  messageId: String(id),
  json: '{}',
  bytes,
  since: id,
});
const ids = (events: PendingEvent[]): number[] => events.map(({ messageId }) => Number(messageId));

describe('createOutbox', () => {
  it('refuses what passes a bound, and counts what is under way', () => {
    const outbox = createOutbox({ maxCount: 2, maxBytes: 100 });
    expect([outbox.add(event(1)), outbox.add(event(2)), outbox.add(event(3))]).toEqual([true, true, false]);
    const batch = outbox.take({ maxCount: 10, maxBytes: 1000 });
    expect(outbox.add(event(4))).toBe(false);
    outbox.settle(batch);
    expect(outbox.add(event(5, 101))).toBe(false);
    expect(outbox.add(event(6, 100))).toBe(true);
  });

  it('gives one event that is larger than a batch', () => {
    const outbox = createOutbox({ maxCount: 10, maxBytes: 1000 });
    outbox.add(event(1, 500));
    outbox.add(event(2, 500));
    expect(ids(outbox.take({ maxCount: 10, maxBytes: 100 }))).toEqual([1]);
  });

  it('keeps the order, loses nothing and gives nothing twice, whatever comes back', () => {
    const seed = freshSeed();
    const random = createSeededRandom(seed);
    const outbox = createOutbox({ maxCount: 1e6, maxBytes: 1e9 });
    const settled: number[] = [];
    let added = 0;
    let underWay: PendingEvent[][] = [];
    const settle = (batch: PendingEvent[]): void => {
      outbox.settle(batch);
      settled.push(...ids(batch));
    };
    const steps = [
      () => {
        for (let i = 0; i < 12; i++) expect(outbox.add(event(added++))).toBe(true);
      },
      () => {
        underWay.push(outbox.take({ maxCount: 1 + Math.floor(random.next() * 30), maxBytes: 200 }));
      },
      () => {
        const [batch = []] = underWay.splice(Math.floor(random.next() * underWay.length), 1);
        if (random.next() < 0.3) outbox.putBack(batch);
        else settle(batch);
      },
    ];
    for (let step = 0; step < 60_000; step++) steps[Math.floor(random.next() * 3)]?.();
    for (const batch of underWay) outbox.putBack(batch);
    underWay = [];
    for (let batch = outbox.take({ maxCount: 100, maxBytes: 1e6 }); batch.length > 0; ) {
      settle(batch);
      batch = outbox.take({ maxCount: 100, maxBytes: 1e6 });
    }
    expect(new Set(settled).size, `seed ${seed}`).toBe(added);
    expect(settled.length, `seed ${seed}`).toBe(added);
    expect([outbox.size, outbox.waiting, outbox.waitingBytes]).toEqual([0, 0, 0]);
  });
});
