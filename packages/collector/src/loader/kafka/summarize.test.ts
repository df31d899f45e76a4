import { describe, expect, it } from 'vitest';
import { initialState } from '../loader-state.ts';
import { type PartitionStatus, summarize } from './summarize.ts';

const { totals } = initialState({ logId: '', offset: 0 });

const partition = (change: Partial<PartitionStatus>): PartitionStatus => ({
  topic: 'millrace.events',
  partition: 0,
  state: 'idle',
  since: 100,
  oldestPendingAt: null,
  totals,
  loaded: 1,
  end: 1,
  lag: 0,
  ...change,
});

describe('the status of several partitions', () => {
  it('is that of the most telling one, since the first of them', () => {
    const partitions = [
      partition({ state: 'idle', since: 1 }),
      partition({ state: 'blocked', since: 50, reason: 'no answer' }),
      partition({ state: 'loading', since: 2 }),
      partition({ state: 'blocked', since: 40, reason: 'no answer' }),
    ];
    expect(summarize(partitions, 'stopped', 0)).toMatchObject({
      state: 'blocked',
      since: 40,
      reason: 'no answer',
      checkpoint: null,
    });
    expect(summarize(partitions.slice(2, 3), 'stopped', 0)).toMatchObject({ state: 'loading', since: 2 });
  });

  it('has the oldest event of all, and none where nothing waits', () => {
    const partitions = [null, 70, 30].map((oldestPendingAt) => partition({ oldestPendingAt }));
    expect(summarize(partitions, 'stopped', 0).oldestPendingAt).toBe(30);
    expect(summarize(partitions.slice(0, 1), 'stopped', 0).oldestPendingAt).toBeNull();
  });

  it('has the sum of every figure', () => {
    const one = { ...totals, chunks: 1, events: 20, duplicatesRefused: 3, notInsertable: 4 };
    const other = { ...totals, chunks: 5, events: 6, conflictsRefused: 7, rejected: 8 };
    expect(
      summarize([partition({ totals: one }), partition({ totals: other })], 'stopped', 0).totals,
    ).toEqual({
      chunks: 6,
      events: 26,
      duplicatesRefused: 3,
      conflictsRefused: 7,
      notInsertable: 4,
      rejected: 8,
    });
  });

  it('without any is what the loader as a whole does, since it began', () => {
    expect(summarize([], 'starting', 9)).toEqual({
      state: 'starting',
      since: 9,
      checkpoint: null,
      oldestPendingAt: null,
      totals,
    });
  });
});
