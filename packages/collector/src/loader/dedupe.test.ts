import { DEDUPE_HORIZON_MS } from '@millrace/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../log/event-log.ts';
import { type DedupeVerdict, dedupe } from './dedupe.ts';
import { createSeenIds } from './seen-ids.ts';

interface Arrival {
  id: string;
  hash: number;
  receivedAt: number;
  madeAt: number | null;
}

const HOUR = 3_600_000;

/** What the guarantee says, in so many words. */
function verdictsOf(arrivals: Arrival[]): DedupeVerdict[] {
  const accepted = new Map<string, Arrival>();
  return arrivals.map((arrival) => {
    const earlier = accepted.get(arrival.id);
    if (earlier && earlier.receivedAt > arrival.receivedAt - DEDUPE_HORIZON_MS) {
      return earlier.hash === arrival.hash ? 'duplicate' : 'conflict';
    }
    accepted.set(arrival.id, arrival);
    return 'new';
  });
}

// A client makes an event once, and sends it again and again; the server's clock may go back by a little.
const arrivalsOf = fc
  .array(
    fc.record({
      id: fc.nat(15),
      afterMs: fc.oneof(fc.nat(1000), fc.integer({ min: -30_000, max: 0 }), fc.nat(40 * HOUR)),
      age: fc.option(fc.oneof(fc.nat(1000), fc.nat(300 * HOUR))),
      isOther: fc.boolean(),
    }),
    { maxLength: 120, size: 'max' },
  )
  .map((steps) => {
    let now = 1_700_000_000_000;
    const firstSeen = new Map<number, number>();
    return steps.map(({ id, afterMs, age, isOther }): Arrival => {
      now += afterMs;
      const first = firstSeen.get(id) ?? now;
      firstSeen.set(id, Math.min(first, now));
      const madeAt = age === null ? null : Math.min(first, now) - age;
      return { id: `id-${id}`, hash: isOther ? 2 : 1, receivedAt: now, madeAt };
    });
  });

const recordOf = ({ id, hash, receivedAt, madeAt }: Arrival, offset: number): StoredRecord => ({
  logId: 'log',
  offset,
  end: offset + 1,
  rows: Buffer.alloc(0),
  rejected: Buffer.alloc(0),
  meta: { v: 1, projectId: 1, receivedAt, marks: [[id, madeAt, hash]], rejected: 0 },
});

describe('dedupe', () => {
  it('says of every event what the log says, however it is cut, remembered and restarted', async () => {
    await fc.assert(
      fc.asyncProperty(
        arrivalsOf,
        fc.array(
          fc.record({
            size: fc.integer({ min: 1, max: 20 }),
            restart: fc.nat(9).map((n) => n === 0),
            undo: fc.boolean(),
          }),
          {
            minLength: 120,
            maxLength: 120,
          },
        ),
        fc.integer({ min: 2, max: 20 }),
        async (arrivals, cuts, capacity) => {
          const expected = verdictsOf(arrivals);
          const stored: Arrival[] = [];
          let newest = 0;
          let seenIds = createSeenIds({ capacity, forgottenUntil: newest });
          const verdicts: DedupeVerdict[] = [];
          for (const { size, restart, undo } of cuts) {
            const begin = verdicts.length;
            const part = arrivals.slice(begin, begin + size);
            if (part.length === 0) break;
            if (restart) seenIds = createSeenIds({ capacity, forgottenUntil: newest });
            seenIds.makeRoom(newest);
            const position = { logId: 'log', offset: begin };
            const chunk = { start: position, end: 0, next: position, records: part.map(recordOf) };
            const findIds = async (ids: { messageId: string }[], receivedAfter: number) =>
              ids.flatMap(({ messageId }) => {
                const last = stored
                  .filter((one) => one.id === messageId && one.receivedAt > receivedAfter)
                  .at(-1);
                if (!last) return [];
                return [{ projectId: 1, messageId, contentHash: last.hash, receivedAt: last.receivedAt }];
              });
            // What was prepared in vain leaves no trace.
            if (undo) (await dedupe(chunk, seenIds, findIds)).undo();
            const deduped = await dedupe(chunk, seenIds, findIds);
            verdicts.push(...deduped.verdicts.flat());
            stored.push(...part.filter((_, i) => verdicts[begin + i] === 'new'));
            newest = part.reduce((max, { receivedAt }) => Math.max(max, receivedAt), newest);
          }
          expect(verdicts).toEqual(expected.slice(0, verdicts.length));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('lets an id be used again exactly when the horizon is over', async () => {
    const arrivals = [0, DEDUPE_HORIZON_MS - 1, DEDUPE_HORIZON_MS].map((receivedAt) => {
      return { id: 'same', hash: 1, receivedAt, madeAt: null };
    });
    const seenIds = createSeenIds({ capacity: 10, forgottenUntil: Number.NEGATIVE_INFINITY });
    const start = { logId: 'log', offset: 0 };
    const chunk = { start, end: 3, next: start, records: arrivals.map(recordOf) };
    const { verdicts } = await dedupe(chunk, seenIds, async () => []);
    expect(verdicts.flat()).toEqual(['new', 'duplicate', 'new']);
  });

  it('keeps projects apart', async () => {
    const seenIds = createSeenIds({ capacity: 10, forgottenUntil: Number.NEGATIVE_INFINITY });
    const records = [1, 2].map((projectId) => {
      const record = recordOf({ id: 'same', hash: 1, receivedAt: 1, madeAt: null }, projectId);
      return { ...record, meta: { ...record.meta, projectId } };
    });
    const start = { logId: 'log', offset: 0 };
    const { verdicts } = await dedupe({ start, end: 2, next: start, records }, seenIds, async () => []);
    expect(verdicts).toEqual([['new'], ['new']]);
  });

  it('asks the warehouse for nothing that memory covers', async () => {
    const seenIds = createSeenIds({ capacity: 10, forgottenUntil: 1_000_000 });
    const asked: string[] = [];
    const events = [
      { id: 'young', madeAt: 2_000_000 },
      { id: 'old', madeAt: 999_999 },
      { id: 'ageless', madeAt: null },
      { id: 'near the edge', madeAt: 1_000_001 },
    ];
    const records = events.map((event, i) => recordOf({ ...event, hash: 1, receivedAt: 3_000_000 }, i));
    const start = { logId: 'log', offset: 0 };
    await dedupe({ start, end: 4, next: start, records }, seenIds, async (ids) => {
      asked.push(...ids.map(({ messageId }) => messageId));
      return [];
    });
    expect(asked).toEqual(['old', 'ageless', 'near the edge']);
  });
});
