import { beforeEach, expect, it, vi } from 'vitest';
import { encodeEventsMessage } from '../../log/kafka/message.ts';
import { silentLogger } from '../../logger.ts';
import { makeRecord } from '../testing/make-record.ts';
import { createPartitionReader, type PartitionReader } from './partition-reader.ts';

const feed = { seek: vi.fn(), pause: vi.fn(), resume: vi.fn(), firstOffset: vi.fn(async () => 0) };
const all = { rows: 1000, bytes: 1e6 };
const at = (offset: number) => ({ logId: 'kafka:millrace.events:0', offset });
let reader: PartitionReader;

beforeEach(() => {
  vi.clearAllMocks();
  feed.firstOffset.mockResolvedValue(0);
  reader = open();
});

function open(start = 10, maxBytes = 1e6): PartitionReader {
  const of = { topic: 'millrace.events', partition: 0 };
  return createPartitionReader({ ...of, start, maxBytes, feed, logger: silentLogger });
}

function batch(from: number, to: number) {
  const messages = Array.from({ length: to - from }, (_, n) => {
    const { meta, rows } = makeRecord({ events: [{ id: `e${from + n}` }] });
    return { offset: from + n, timestamp: 0, ...encodeEventsMessage(meta, meta.marks, rows) };
  });
  return { fetchedOffset: from, lastOffset: to - 1, messages };
}

async function offsets(from: number, until?: number): Promise<number[]> {
  const { records } = await reader.read(at(from), all, until);
  return records.map(({ offset }) => offset);
}

it('gives what was offered in order, and again until it is released', async () => {
  reader.offer(batch(10, 13));
  reader.offer(batch(13, 15));
  expect(await offsets(10)).toEqual([10, 11, 12, 13, 14]);
  expect(await offsets(12)).toEqual([12, 13, 14]);
  await reader.release(at(13));
  expect(await offsets(10)).toEqual([13, 14]);
});

it('takes of a batch only what it has not seen', async () => {
  reader.offer(batch(8, 12));
  expect(await offsets(0)).toEqual([10, 11]);
});

it.each([
  ['behind a gap', batch(20, 22)],
  ['that is stale', batch(2, 5)],
])('drops a batch %s and has it fetched from the right place', async (_, stale) => {
  reader.offer(stale);
  await vi.waitFor(() => expect(feed.seek).toHaveBeenCalledWith(10));
  reader.offer(batch(10, 12));
  expect(await offsets(0)).toEqual([10, 11]);
});

it('goes on behind records that ran out of retention', async () => {
  feed.firstOffset.mockResolvedValue(20);
  reader.offer(batch(20, 22));
  await vi.waitFor(() => expect(feed.seek).toHaveBeenCalledWith(20));
  reader.offer(batch(20, 22));
  expect(await offsets(10)).toEqual([20, 21]);
});

it('waits for the whole of a chunk whose end is known, whatever the memory', async () => {
  reader = open(10, 1);
  const read = offsets(10, 14);
  reader.offer(batch(10, 12));
  expect(feed.pause).not.toHaveBeenCalled();
  reader.offer(batch(12, 16));
  expect(await read).toEqual([10, 11, 12, 13]);
  expect(feed.pause).toHaveBeenCalledTimes(1);
  await reader.release(at(16));
  expect(feed.resume).toHaveBeenCalledTimes(1);
});

it('says that a chunk is gone', async () => {
  feed.firstOffset.mockResolvedValue(20);
  const read = offsets(10, 14);
  reader.offer(batch(20, 22));
  await expect(read).rejects.toMatchObject({ code: 'offsets_gone' });
});

it('ends a wait when it is closed', async () => {
  const read = offsets(10, 14);
  await reader.close();
  await expect(read).rejects.toMatchObject({ code: 'stopped' });
});
