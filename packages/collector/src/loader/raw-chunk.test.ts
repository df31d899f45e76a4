import { describe, expect, it } from 'vitest';
import { readChunk, rereadChunk } from './raw-chunk.ts';
import { makeRecord, RECEIVED_AT } from './testing/make-record.ts';
import { createMemoryLog } from './testing/memory-log.ts';

const MEGABYTE = 1024 * 1024;
const limits = { rows: 10, bytes: MEGABYTE, ageMs: 200 };
const record = (name: string, events: number, rejected = 0) =>
  makeRecord({
    events: Array.from({ length: events }, (_, i) => ({ id: `${name}${i}` })),
    rejected: Array.from({ length: rejected }, () => 'r'),
  });

/** Time that passes only while one sleeps. */
function stillTime(now = RECEIVED_AT) {
  const slept: number[] = [];
  return {
    slept,
    clock: () => now,
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
    },
  };
}

async function chunksOf(log: ReturnType<typeof createMemoryLog>, change: Partial<typeof limits> = {}) {
  const reader = log.reader();
  const chunks: number[] = [];
  let from = await reader.first();
  for (;;) {
    const chunk = await readChunk(reader, from, { ...limits, ...change }, stillTime());
    if (chunk.records.length === 0) return chunks;
    expect(await rereadChunk(reader, chunk, limits)).toEqual(chunk);
    chunks.push(chunk.records.length);
    from = chunk.next;
  }
}

describe('a chunk', () => {
  it('holds whole records, as many as fit', async () => {
    const log = createMemoryLog();
    for (const name of ['a', 'b', 'c', 'd']) log.append(record(name, 3, 1));
    expect(await chunksOf(log)).toEqual([2, 2]);
    expect(await chunksOf(log, { rows: 12 })).toEqual([3, 1]);
    expect(await chunksOf(log, { rows: 1 })).toEqual([1, 1, 1, 1]);
    expect(await chunksOf(log, { bytes: record('a', 3, 1).rows.length * 3 })).toEqual([2, 2]);
  });

  it('ends with its segment', async () => {
    const log = createMemoryLog('log', 3);
    for (const name of ['a', 'b', 'c', 'd', 'e']) log.append(record(name, 1));
    expect(await chunksOf(log)).toEqual([3, 2]);
  });

  it('ends before bytes that cannot be read', async () => {
    const log = createMemoryLog();
    for (const name of ['a', 'b', 'c', 'd']) log.append(record(name, 1));
    log.damage(1);
    expect(await chunksOf(log)).toEqual([1, 2]);
  });

  it('is filled until its first event is old enough', async () => {
    const log = createMemoryLog();
    log.append(record('a', 1));
    const reader = log.reader();
    const time = stillTime(RECEIVED_AT + 50);
    const sleep = (ms: number) => {
      log.append(record('b', 1));
      return time.sleep(ms);
    };
    const chunk = await readChunk(reader, await reader.first(), limits, { ...time, sleep });
    expect(time.slept).toEqual([150]);
    expect(chunk.records).toHaveLength(2);
  });

  it('is not waited for any longer where a clock was set back', async () => {
    const log = createMemoryLog();
    log.append(record('a', 1));
    const reader = log.reader();
    const time = stillTime(RECEIVED_AT - 3_600_000);
    await readChunk(reader, await reader.first(), limits, time);
    expect(time.slept).toEqual([200]);
  });

  it('is empty, and not waited for, where there is nothing', async () => {
    const reader = createMemoryLog().reader();
    const from = await reader.first();
    const time = stillTime();
    expect(await readChunk(reader, from, limits, time)).toMatchObject({ next: from, records: [] });
    expect(time.slept).toEqual([]);
  });
});
