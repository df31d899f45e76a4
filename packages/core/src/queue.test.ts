import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueue } from './queue.ts';
import { createPendingEvent } from './testing/index.ts';

describe('createQueue', () => {
  it('gives events in the order in which they came', () => {
    const queue = createQueue({ maxCount: 10, maxBytes: 1000 });
    for (const id of ['b', 'a', 'c']) queue.add(createPendingEvent(id));
    queue.remove('a');
    expect([...queue].map((event) => event.messageId)).toEqual(['b', 'c']);
  });

  it('refuses what is new when it is full, and keeps what it took', () => {
    const queue = createQueue({ maxCount: 2, maxBytes: 1000 });
    const taken = ['a', 'b', 'c'].map((id) => queue.add(createPendingEvent(id)));
    expect(taken).toEqual([true, true, false]);
    expect([...queue].map((event) => event.messageId)).toEqual(['a', 'b']);
  });

  it('takes an id that waits already without counting it twice', () => {
    const queue = createQueue({ maxCount: 1, maxBytes: 1000 });
    expect([queue.add(createPendingEvent('a')), queue.add(createPendingEvent('a', 500))]).toEqual([
      true,
      true,
    ]);
    expect(queue.size).toBe(1);
    expect(queue.bytes).toBe(createPendingEvent('a').bytes);
  });

  it('keeps both bounds and its byte count under any sequence of calls', () => {
    const call = fc.record({ add: fc.boolean(), id: fc.nat(12), size: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 100 }), (calls) => {
        const queue = createQueue({ maxCount: 5, maxBytes: 400 });
        for (const { add, id, size } of calls) {
          if (add) queue.add(createPendingEvent(String(id), size));
          else queue.remove(String(id));
          const held = [...queue];
          expect(queue.size).toBe(held.length);
          expect(queue.bytes).toBe(held.reduce((sum, event) => sum + event.bytes, 0));
          expect(queue.size <= 5 && queue.bytes <= 400).toBe(true);
        }
      }),
    );
  });
});
