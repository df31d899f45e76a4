import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchBody, cutBatch, envelopeBytes } from './batcher.ts';
import { createPendingEvent } from './testing/index.ts';
import { utf8ByteLength } from './utf8.ts';

const writeKey = 'wk_"ö"';

describe('batchBody', () => {
  it('is a batch that asks for verdicts, with the events as they were made', () => {
    const events = [createPendingEvent('a'), createPendingEvent('b', 100)];
    const sentAt = Date.UTC(2026, 10, 20, 1, 2, 3, 4);
    expect(JSON.parse(batchBody(events, { writeKey, sentAt }))).toEqual({
      writeKey,
      verdicts: 1,
      sentAt: '2026-11-20T01:02:03.004Z',
      batch: events.map((event) => JSON.parse(event.json) as unknown),
    });
  });
});

describe('cutBatch', () => {
  const cut = (events: ReturnType<typeof createPendingEvent>[], maxCount: number, maxBytes: number) =>
    cutBatch(events, { maxCount, maxBytes }, envelopeBytes(writeKey));

  it('is as long a beginning as the limits allow', () => {
    const sizes = fc.array(fc.nat(300), { maxLength: 30 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 200, max: 3000 }),
        (list, count, bytes) => {
          const events = list.map((size, index) => createPendingEvent(`e${index}`, size));
          const batch = cut(events, count, bytes);
          const bodyBytes = (length: number) =>
            utf8ByteLength(batchBody(events.slice(0, length), { writeKey, sentAt: 0 }));

          expect(batch).toEqual(events.slice(0, batch.length));
          expect(batch.length <= 1 || (batch.length <= count && bodyBytes(batch.length) <= bytes)).toBe(true);
          const isLongest =
            batch.length === events.length || batch.length === count || bodyBytes(batch.length + 1) > bytes;
          expect(isLongest).toBe(true);
        },
      ),
    );
  });

  it('makes a batch of its own of an event that is too large', () => {
    const events = [createPendingEvent('big', 5000), createPendingEvent('small')];
    expect(cut(events, 10, 1000).map((event) => event.messageId)).toEqual(['big']);
  });

  it('is empty where nothing waits', () => {
    expect(cut([], 10, 1000)).toEqual([]);
  });
});
