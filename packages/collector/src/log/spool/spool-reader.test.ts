import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogReader } from '../event-log.ts';
import { encodeHeader } from './segment-format.ts';
import { createSpool, type Spool, type SpoolOptions } from './spool.ts';
import { createSpoolReader, type SpoolReaderOptions } from './spool-reader.ts';
import { createFaultyDisk } from './testing/faulty-disk.ts';
import { content, makeRecord, readAll } from './testing/spool-fixtures.ts';

const ALL = { rows: 1_000_000, bytes: 1024 ** 3 };

let folder: string;
let spool: Spool;
let reader: LogReader;
const reopen = async (options: Partial<SpoolReaderOptions> = {}) => {
  await reader?.close();
  reader = createSpoolReader({ folder, ...options });
};
const write = async (from: number, to: number, options: Partial<SpoolOptions> = {}) => {
  spool = await createSpool({ folder, ...options });
  for (let index = from; index < to; index++) await spool.append(makeRecord(index));
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-spool-'));
  await reopen();
});
afterEach(async () => {
  await reader.close();
  await spool?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a spool reader', () => {
  it('waits at the end of the newest segment, and goes on where it was', async () => {
    await write(0, 3);
    const first = await reader.read(await reader.first(), ALL);
    expect(first.records).toHaveLength(3);
    expect(first.finished).toBe(false);
    expect(await reader.read(first.next, ALL)).toEqual({ records: [], next: first.next, finished: false });
    await spool.append(makeRecord(3));
    expect((await reader.read(first.next, ALL)).records.map(content)).toEqual([content(makeRecord(3))]);
  });

  it('finishes a segment when a later one exists, and never reads past its end', async () => {
    await write(0, 20, { segmentBytes: 4000 });
    let position = await reader.first();
    let read = 0;
    let segments = 0;
    while (read < 20) {
      const result = await reader.read(position, ALL);
      expect(new Set(result.records.map((record) => record.logId)).size).toBeLessThanOrEqual(1);
      read += result.records.length;
      if (result.finished) segments++;
      if (result.finished) expect(result.next.offset).toBe(32);
      position = result.next;
    }
    expect(segments).toBeGreaterThan(1);
  });

  it('keeps to the limits, but returns at least one record', async () => {
    await write(0, 10);
    const first = await reader.first();
    expect((await reader.read(first, { rows: 9, bytes: 1e9 })).records).toHaveLength(3);
    expect((await reader.read(first, { rows: 1, bytes: 1e9 })).records).toHaveLength(1);
    const [one, two] = (await reader.read(first, ALL)).records;
    const bytes = (two?.end ?? 0) - (one?.offset ?? 0);
    expect((await reader.read(first, { rows: 1e9, bytes })).records).toHaveLength(2);
    expect((await reader.read(first, { rows: 1e9, bytes: bytes - 1 })).records).toHaveLength(1);
  });

  it('returns the same records for the same bounds, whatever the limits and the process', async () => {
    await write(0, 10);
    const from = await reader.first();
    const chunk = await reader.read(from, { rows: 12, bytes: 1e9 });
    await spool.append(makeRecord(10));
    await reopen();
    const again = await reader.read(from, { rows: 1, bytes: 1 }, chunk.next.offset);
    expect(again.records).toEqual(chunk.records);
    expect(again.next).toEqual(chunk.next);
  });

  it('fails rather than return less than was planned', async () => {
    await write(0, 2);
    const from = await reader.first();
    const { next } = await reader.read(from, ALL);
    await expect(reader.read(from, ALL, next.offset + 1)).rejects.toMatchObject({ code: 'segment_shrunk' });
    await rm(join(folder, '000000000001.seg'));
    await reopen();
    await expect(reader.read(from, ALL, next.offset)).rejects.toMatchObject({ code: 'segment_missing' });
  });

  it('leads from an empty or unknown place to the first segment', async () => {
    const nowhere = await reader.first();
    expect(await reader.read(nowhere, ALL)).toEqual({ records: [], next: nowhere, finished: false });
    await write(0, 1);
    const expected = { records: [], next: await reader.first(), finished: true };
    expect(await reader.read(nowhere, ALL)).toEqual(expected);
    expect(await reader.read({ logId: '00112233aabbccdd-000000000009', offset: 5 }, ALL)).toEqual(expected);
    expect(await reader.read({ logId: 'partition-3', offset: 5 }, ALL)).toEqual(expected);
  });

  it('refuses a segment of a later format instead of skipping it', async () => {
    await write(0, 1);
    const path = join(folder, '000000000001.seg');
    await spool.close();
    await writeFile(path, laterFormat(spool.id));
    await expect(reader.read(await reader.first(), ALL)).rejects.toMatchObject({ code: 'unknown_version' });
  });

  it('syncs for itself before it returns what a writer has not synced yet', async () => {
    const writing = createFaultyDisk();
    await write(0, 1, { disk: writing });
    writing.holdSyncs();
    const append = spool.append(makeRecord(1));
    await writing.syncHeld();
    const reading = createFaultyDisk();
    await reopen({ disk: reading });
    reading.failNext('sync', 'EIO');
    const from = await reader.first();
    await expect(reader.read(from, ALL)).rejects.toThrow('EIO');
    expect((await reader.read(from, ALL)).records).toHaveLength(2);
    expect(reading.calls).toEqual(['folder', 'sync', 'folder', 'sync']);
    writing.releaseSyncs();
    await append;
  });

  it('takes records of half a megabyte in segments of many', async () => {
    const records = Array.from({ length: 24 }, (_, index) => makeRecord(index, 50, 500_000));
    spool = await createSpool({ folder });
    await Promise.all(records.map((record) => spool.append(record)));
    const stored = await readAll(reader, 1_000_000);
    expect(stored.map(content)).toEqual(records.map(content));
    expect(stored[0]?.rows.length).toBeGreaterThan(490_000);
  });

  it('reads on behind what it has read while the writer goes on', async () => {
    spool = await createSpool({ folder, segmentBytes: 20_000 });
    const appended = (async () => {
      for (let index = 0; index < 400; index += 8) {
        await Promise.all(Array.from({ length: 8 }, (_, more) => spool.append(makeRecord(index + more))));
      }
    })();
    const names: string[] = [];
    let position = await reader.first();
    while (names.length < 400) {
      const result = await reader.read(position, { rows: 30, bytes: 1e6 });
      names.push(...result.records.map((record) => record.meta.marks[0]?.[0] ?? ''));
      if (result.records.length === 0 && !result.finished) await reader.wait(result.next, 5000);
      position = result.next;
    }
    await appended;
    expect(names).toEqual(Array.from({ length: 400 }, (_, index) => `${index}-0`));
  });
});

describe('waiting for the spool', () => {
  it('ends when something can be read, also the first segment of all', async () => {
    const start = performance.now();
    const first = reader.wait(await reader.first(), 10_000);
    await write(0, 1);
    await first;
    const { next } = await reader.read(await reader.first(), ALL);
    const second = reader.wait(next, 10_000);
    await spool.append(makeRecord(1));
    await second;
    expect(performance.now() - start).toBeLessThan(5000);
    await reader.wait(await reader.first(), 10_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('ends at its timeout, and when the reader closes', async () => {
    await write(0, 1);
    const { next } = await reader.read(await reader.first(), ALL);
    const start = performance.now();
    await reader.wait(next, 80);
    expect(performance.now() - start).toBeGreaterThan(70);
    const waiting = reader.wait(next, 60_000);
    await reader.close();
    await waiting;
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('releasing', () => {
  const files = async () => (await readdir(folder)).filter((name) => name.endsWith('.seg'));

  it('deletes whole segments before the position, and never the newest', async () => {
    await reopen({ keepMs: -1 });
    await write(0, 20, { segmentBytes: 4000 });
    const before = await files();
    const middle = { logId: `${spool.id}-000000000003`, offset: 100 };
    await reader.release(middle);
    expect(await files()).toEqual(before.slice(2));
    await reader.release({ logId: `${spool.id}-000000000999`, offset: 32 });
    expect(await files()).toEqual(before.slice(-1));
    expect(await reader.first()).toEqual({ logId: `${spool.id}-${before.at(-1)?.slice(0, 12)}`, offset: 32 });
  });

  it('keeps loaded segments until they are old or too many', async () => {
    await write(0, 20, { segmentBytes: 4000 });
    const before = await files();
    const end = { logId: `${spool.id}-${before.at(-1)?.slice(0, 12)}`, offset: 32 };
    await reopen({ keepMs: 60_000 });
    await reader.release(end);
    expect(await files()).toEqual(before);
    await utimes(join(folder, before[0] ?? ''), 1, 1);
    await reopen({ keepMs: 60_000 });
    await reader.release(end);
    expect(await files()).toEqual(before.slice(1));
    await reopen({ keepBytes: 4000 });
    await reader.release(end);
    expect(await files()).toEqual(before.slice(-2));
  });

  it('does nothing for a position of another log', async () => {
    await reopen({ keepMs: -1 });
    await write(0, 20, { segmentBytes: 4000 });
    const before = await files();
    await reader.release({ logId: 'ffffffffffffffff-000000000009', offset: 0 });
    expect(await files()).toEqual(before);
  });
});

function laterFormat(spoolId: string): Buffer {
  const header = encodeHeader(spoolId, 1);
  header.writeUInt32LE(2, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 28)), 28);
  return header;
}
