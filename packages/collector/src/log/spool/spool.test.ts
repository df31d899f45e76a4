import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES } from './segment-format.ts';
import { createSpool, type SpoolOptions } from './spool.ts';
import { createSpoolReader } from './spool-reader.ts';
import { createFaultyDisk } from './testing/faulty-disk.ts';
import { content, makeRecord, readAll, readFolder } from './testing/spool-fixtures.ts';

let folder: string;
const open = (options: Partial<SpoolOptions> = {}) => createSpool({ folder, ...options });
const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.seg')).sort();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a spool', () => {
  it('gives back what was appended, in order and byte for byte', async () => {
    const spool = await open();
    const records = Array.from({ length: 50 }, (_, index) => makeRecord(index));
    await Promise.all(records.map((record) => spool.append(record)));
    await spool.close();
    const stored = await readFolder(folder);
    expect(stored.map(content)).toEqual(records.map(content));
    expect(stored[0]?.logId).toBe(`${spool.id}-000000000001`);
    for (const [index, record] of stored.entries()) {
      expect(record.offset).toBe(index === 0 ? 32 : stored[index - 1]?.end);
    }
  });

  it('resolves an append only after a sync that began after its write', async () => {
    const disk = createFaultyDisk();
    const spool = await open({ disk });
    await spool.append(makeRecord(1));
    expect(disk.calls.slice(-3)).toEqual(['folder', 'write', 'sync']);
    disk.holdSyncs();
    let resolved = false;
    const append = spool.append(makeRecord(2)).then(() => {
      resolved = true;
    });
    await disk.syncHeld();
    expect(await readFile(join(folder, '000000000001.seg'), 'utf8')).toContain('2-0');
    expect(resolved).toBe(false);
    disk.releaseSyncs();
    await append;
    await spool.close();
  });

  it('commits appends that wait together by one write and one sync', async () => {
    const disk = createFaultyDisk();
    const spool = await open({ disk });
    await spool.append(makeRecord('first'));
    const before = disk.count('sync');
    await Promise.all(Array.from({ length: 500 }, (_, index) => spool.append(makeRecord(index))));
    expect(disk.count('sync') - before).toBeLessThanOrEqual(2);
    await spool.close();
  });

  it('gathers the next group while a sync is under way', async () => {
    const disk = createFaultyDisk();
    const spool = await open({ disk });
    disk.holdSyncs();
    const first = spool.append(makeRecord('first'));
    await disk.syncHeld();
    const before = disk.count('write');
    const rest = Array.from({ length: 100 }, (_, index) => spool.append(makeRecord(index)));
    disk.releaseSyncs();
    await Promise.all([first, ...rest]);
    expect(disk.count('write') - before).toBeLessThanOrEqual(2);
    await spool.close();
  });

  it('goes on after a short write where it stopped', async () => {
    const disk = createFaultyDisk();
    disk.shortWrites(7);
    const spool = await open({ disk });
    await Promise.all([spool.append(makeRecord(1)), spool.append(makeRecord(2))]);
    await spool.close();
    expect((await readFolder(folder)).map(content)).toEqual([makeRecord(1), makeRecord(2)].map(content));
  });

  it('writes large records whole, wherever in them a write stops', async () => {
    const disk = createFaultyDisk();
    const spool = await open({ disk });
    const records = [makeRecord('small'), makeRecord('large', 40, 20_000), makeRecord('larger', 3, 90_000)];
    for (const bytes of [0, 997, 8192]) {
      disk.shortWrites(bytes);
      await Promise.all(records.map((record) => spool.append(record)));
    }
    await spool.close();
    const stored = await readFolder(folder);
    expect(stored.map(content)).toEqual([...records, ...records, ...records].map(content));
  });

  it('writes a large record of which nothing was rejected', async () => {
    const spool = await open();
    // What the collector's own writer gives for no bytes.
    const rejected = Buffer.allocUnsafe(0).subarray(0, 0);
    const { meta, rows } = makeRecord('large', 40, 20_000);
    const record = { meta: { ...meta, rejected: 0 }, rows, rejected };
    await spool.append(record);
    await spool.close();
    expect((await readFolder(folder)).map(content)).toEqual([record].map(content));
  });

  it('begins a new segment when the open one is full or old', async () => {
    let now = 0;
    const spool = await open({ segmentBytes: 5000, segmentAgeMs: 1000, now: () => now });
    for (let index = 0; index < 30; index++) await spool.append(makeRecord(index));
    const full = await segments();
    expect(full.length).toBeGreaterThan(2);
    now = 1001;
    await spool.append(makeRecord(30));
    expect(await segments()).toHaveLength(full.length + 1);
    await spool.close();
    expect(await readFolder(folder)).toHaveLength(31);
  });

  it('creates no segment before the first append', async () => {
    for (let start = 0; start < 3; start++) await (await open()).close();
    expect(await segments()).toEqual([]);
  });

  it('never appends to a segment of an earlier process', async () => {
    const positions = new Set<string>();
    const ids = new Set<string>();
    for (let start = 0; start < 4; start++) {
      const spool = await open();
      ids.add(spool.id);
      await spool.append(makeRecord(start));
      await spool.close();
    }
    for (const record of await readFolder(folder)) positions.add(`${record.logId}:${record.offset}`);
    expect(ids.size).toBe(1);
    expect(positions.size).toBe(4);
    expect(await segments()).toHaveLength(4);
  });

  it('takes a new id when its segments are gone, so that no position comes twice', async () => {
    const first = await open();
    await first.append(makeRecord(1));
    await first.close();
    await rm(join(folder, '000000000001.seg'));
    const second = await open();
    expect(second.id).not.toBe(first.id);
    await second.close();
  });

  it('finds its id in the segments when the id file is lost', async () => {
    const first = await open();
    await first.append(makeRecord(1));
    await first.close();
    await rm(join(folder, 'id'));
    const second = await open();
    expect(second.id).toBe(first.id);
    await second.close();
  });

  it('refuses a second writer of the same folder', async () => {
    const spool = await open();
    await expect(open()).rejects.toMatchObject({
      name: 'FolderLockedError',
      code: 'folder_locked',
      pid: process.pid,
    });
    await spool.close();
    await (await open()).close();
  });

  it('refuses appends once it is closed, and keeps those before', async () => {
    const spool = await open();
    const append = spool.append(makeRecord(1));
    await Promise.all([spool.close(), append]);
    await expect(spool.append(makeRecord(2))).rejects.toMatchObject({ code: 'log_closed' });
    expect(spool.status()).toMatchObject({ writable: false, reason: 'the spool is closed' });
    expect(await readFolder(folder)).toHaveLength(1);
  });

  it('refuses a record that no reader would take', async () => {
    const spool = await open();
    const record = { ...makeRecord(1), rejected: Buffer.alloc(MAX_PAYLOAD_BYTES) };
    await expect(spool.append(record)).rejects.toThrow(RangeError);
    await spool.close();
  });

  it('refuses what would wait beyond the queue', async () => {
    const disk = createFaultyDisk();
    const spool = await open({ disk, queueBytes: 2000 });
    disk.holdSyncs();
    const first = spool.append(makeRecord(1, 2, 1500));
    await expect(spool.append(makeRecord(2, 2, 1500))).rejects.toMatchObject({ code: 'log_full' });
    disk.releaseSyncs();
    await first;
    await spool.append(makeRecord(3, 2, 1500));
    await spool.close();
  });
});

describe('a spool without room', () => {
  it('is full at its quota, says so, and takes records again once the loader freed some', async () => {
    let now = 0;
    const spool = await open({ segmentBytes: 4000, quotaBytes: 20_000, now: () => now });
    let accepted = 0;
    let error: unknown;
    while (error === undefined) {
      await spool.append(makeRecord(accepted)).then(
        () => accepted++,
        (reason) => {
          error = reason;
        },
      );
    }
    expect(error).toMatchObject({ name: 'LogUnavailableError', code: 'log_full', retryAfterMs: 5000 });
    expect(spool.status()).toMatchObject({ writable: false, quotaBytes: 20_000 });
    expect(spool.status().bytes).toBeLessThanOrEqual(20_000);
    expect(await readFolder(folder)).toHaveLength(accepted);

    const reader = createSpoolReader({ folder, keepMs: -1 });
    const stored = await readAll(reader);
    await reader.release({ logId: stored.at(-1)?.logId ?? '', offset: stored.at(-1)?.end ?? 0 });
    await reader.close();
    now = 300;
    await spool.append(makeRecord('after'));
    expect(spool.status()).toMatchObject({ writable: true });
    await spool.close();
  });

  it('leaves the disk its reserve', async () => {
    const disk = createFaultyDisk();
    disk.setFreeBytes(1_000_000);
    const spool = await open({ disk, reserveBytes: 999_000 });
    await spool.append(makeRecord(1));
    await expect(spool.append(makeRecord(2, 2, 1000))).rejects.toMatchObject({ code: 'log_full' });
    await spool.close();
  });
});

describe('a spool on a failing disk', () => {
  it.each(['write', 'sync'] as const)('never uses a segment again after a failed %s', async (call) => {
    const disk = createFaultyDisk();
    const spool = await open({ disk });
    await spool.append(makeRecord('before'));
    disk.failNext(call, 'EIO');
    const group = [1, 2, 3].map((index) => spool.append(makeRecord(index)));
    for (const result of await Promise.allSettled(group)) {
      expect(result).toMatchObject({ reason: { name: 'LogUnavailableError', code: 'log_failed' } });
    }
    expect(spool.status()).toMatchObject({ writable: false, reason: expect.stringContaining('EIO') });
    const left = await readFile(join(folder, '000000000001.seg'));
    await spool.append(makeRecord('after'));
    expect(spool.status().writable).toBe(true);
    await spool.close();
    expect(await readFile(join(folder, '000000000001.seg'))).toEqual(left);
    expect(await segments()).toHaveLength(2);
    const names = (await readFolder(folder)).map((record) => record.meta.marks[0]?.[0]);
    expect([names[0], names.at(-1)]).toEqual(['before-0', 'after-0']);
  });

  it('calls a disk without space full', async () => {
    const disk = createFaultyDisk();
    const spool = await open({ disk });
    await spool.append(makeRecord('before'));
    disk.shortWrites(10);
    disk.failAfter('write', 1, 'ENOSPC');
    await expect(spool.append(makeRecord(1))).rejects.toMatchObject({ code: 'log_full' });
    disk.shortWrites(0);
    await spool.append(makeRecord('after'));
    await spool.close();
    const names = (await readFolder(folder)).map((record) => record.meta.marks[0]?.[0]);
    expect(names).toEqual(['before-0', 'after-0']);
  });

  it('litters no files while the disk goes on failing, and comes back by itself', async () => {
    let now = 0;
    const disk = createFaultyDisk();
    const spool = await open({ disk, now: () => now });
    disk.failAlways('sync', 'EIO');
    for (let index = 0; index < 50; index++) {
      now += 10;
      await expect(spool.append(makeRecord(index))).rejects.toMatchObject({ code: 'log_failed' });
    }
    expect(await segments()).toEqual([]);
    expect(disk.count('create')).toBeLessThan(10);
    disk.heal();
    now += 60_000;
    expect(spool.status().writable).toBe(false);
    await expect.poll(() => spool.status().writable).toBe(true);
    await spool.append(makeRecord('after'));
    await spool.close();
    expect(await readFolder(folder)).toHaveLength(1);
  });
});
