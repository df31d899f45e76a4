import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredRecord } from '../event-log.ts';
import { FRAME_HEADER_BYTES, FRAME_MARKER } from './segment-format.ts';
import { createSpool } from './spool.ts';
import { makeRecord, readFolder } from './testing/spool-fixtures.ts';

const SEGMENT = '000000000001.seg';
const RECORDS = 6;

let folder: string;
let original: Buffer;
let stored: StoredRecord[];

/** A folder with the same spool, whose first segment holds `bytes`; `finished` if a later one exists. */
async function spoolWith(bytes: Buffer, finished: boolean): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'millrace-spool-'));
  await mkdir(join(copy, 'quarantine'));
  await copyFile(join(folder, 'id'), join(copy, 'id'));
  await writeFile(join(copy, SEGMENT), bytes);
  if (finished) await copyFile(join(folder, 'later.seg'), join(copy, '000000000002.seg'));
  return copy;
}

const places = (records: StoredRecord[]) => records.map((record) => `${record.logId}:${record.offset}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-spool-'));
  const spool = await createSpool({ folder });
  for (let index = 0; index < RECORDS; index++) await spool.append(makeRecord(index, 2, 120));
  await spool.close();
  const second = await createSpool({ folder });
  await second.append(makeRecord('later'));
  await second.close();
  original = await readFile(join(folder, SEGMENT));
  await copyFile(join(folder, '000000000002.seg'), join(folder, 'later.seg'));
  stored = await readFolder(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a segment cut anywhere in its last frame', () => {
  it('keeps every whole record, and is cut to them when the writer starts again', async () => {
    const last = stored[RECORDS - 1] as StoredRecord;
    for (let size = last.offset; size < last.end; size++) {
      const copy = await spoolWith(original.subarray(0, size), false);
      expect(places(await readFolder(copy)), `cut at ${size}`).toEqual(places(stored.slice(0, RECORDS - 1)));
      const spool = await createSpool({ folder: copy });
      expect((await readFile(join(copy, SEGMENT))).length, `cut at ${size}`).toBe(last.offset);
      await spool.append(makeRecord('later'));
      await spool.close();
      expect(places(await readFolder(copy))).toEqual([
        ...places(stored.slice(0, RECORDS - 1)),
        ...places(stored.slice(-1)),
      ]);
      expect(await readdir(join(copy, 'quarantine'))).toEqual([]);
      await rm(copy, { recursive: true });
    }
  });

  it('is skipped as an unfinished write once a later segment exists', async () => {
    const last = stored[RECORDS - 1] as StoredRecord;
    const copy = await spoolWith(original.subarray(0, last.end - 1), true);
    expect(await readFolder(copy)).toHaveLength(RECORDS);
    expect(await readdir(join(copy, 'quarantine'))).toEqual([]);
    await rm(copy, { recursive: true });
  });

  it('is cut also where a power cut left zeros', async () => {
    const copy = await spoolWith(Buffer.concat([original, Buffer.alloc(5000)]), false);
    await (await createSpool({ folder: copy })).close();
    expect(await readFile(join(copy, SEGMENT))).toEqual(original);
    await rm(copy, { recursive: true });
  });
});

describe('a segment that is damaged', () => {
  const damages = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    flip: fc.integer({ min: 1, max: 255 }),
    length: fc.integer({ min: 1, max: 40 }),
    finished: fc.boolean(),
  });

  it('loses the records that were hit and no other, and is set aside', async () => {
    await fc.assert(
      fc.asyncProperty(damages, async ({ at, flip, length, finished }) => {
        const start = Math.floor(at * original.length);
        const bytes = Buffer.from(original);
        for (let offset = start; offset < Math.min(start + length, bytes.length); offset++) {
          bytes[offset] = (bytes[offset] ?? 0) ^ flip;
        }
        const copy = await spoolWith(bytes, finished);
        const isWhole = (record: StoredRecord) => record.end <= start || record.offset >= start + length;
        const expected = stored
          .slice(0, finished ? RECORDS + 1 : RECORDS)
          .filter((record, index) => index === RECORDS || isWhole(record));
        const first = await readFolder(copy);
        expect(places(first)).toEqual(places(expected));
        expect(places(await readFolder(copy, 1))).toEqual(places(expected));

        const mustBeNoted = start < (stored[RECORDS - 1] as StoredRecord).offset;
        const aside = await readdir(join(copy, 'quarantine'));
        if (mustBeNoted) expect(aside.sort()).toEqual(['000000000001.json', SEGMENT]);

        const spool = await createSpool({ folder: copy });
        expect(spool.status().quarantined).toBe(aside.length === 0 ? 0 : 1);
        await spool.append(makeRecord('again'));
        await spool.close();
        expect(places(await readFolder(copy))).toHaveLength(expected.length + 1);
        await rm(copy, { recursive: true });
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  it('says what is damaged where, once', async () => {
    const bytes = Buffer.from(original);
    const hit = stored[2] as StoredRecord;
    bytes.writeUInt8(bytes.readUInt8(hit.offset + 20) ^ 0xff, hit.offset + 20);
    const copy = await spoolWith(bytes, true);
    await readFolder(copy);
    await readFolder(copy);
    const note = JSON.parse(await readFile(join(copy, 'quarantine', '000000000001.json'), 'utf8'));
    expect(note).toMatchObject({ logId: hit.logId, damage: [{ offset: hit.offset, end: hit.end }] });
    expect(await readFile(join(copy, 'quarantine', SEGMENT))).toEqual(bytes);
    await rm(copy, { recursive: true });
  });

  it('is never taken for one with a frame of another segment in it', async () => {
    const foreign = await readFile(join(folder, 'later.seg'));
    const copy = await spoolWith(Buffer.concat([original, foreign.subarray(32)]), true);
    expect(await readFolder(copy)).toHaveLength(RECORDS + 1);
    expect(await readdir(join(copy, 'quarantine'))).toContain('000000000001.json');
    await rm(copy, { recursive: true });
  });

  it('is not confused by an event that carries a frame', async () => {
    const first = stored[0] as StoredRecord;
    const frame = original.subarray(first.offset, first.end);
    const copy = await mkdtemp(join(tmpdir(), 'millrace-spool-'));
    const spool = await createSpool({ folder: copy });
    const text = JSON.stringify(frame.toString('utf8')) + JSON.stringify(frame.toString('latin1'));
    await spool.append({ ...makeRecord('carrier'), rejected: Buffer.from(`${text}\n`) });
    await spool.append(makeRecord('next'));
    await spool.close();
    const path = join(copy, SEGMENT);
    const bytes = await readFile(path);
    expect(bytes.indexOf(FRAME_MARKER, 32 + FRAME_HEADER_BYTES)).toBe(bytes.lastIndexOf(FRAME_MARKER));
    bytes.writeUInt8(bytes.readUInt8(40) ^ 0xff, 40);
    await writeFile(path, bytes);
    expect((await readFolder(copy)).map((record) => record.meta.marks[0]?.[0])).toEqual(['next-0']);
    await rm(copy, { recursive: true });
  });
});
