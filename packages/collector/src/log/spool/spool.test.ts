import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpool } from './spool.ts';
import { createSpoolReader } from './spool-reader.ts';
import { content, makeRecord, readAll } from './testing/spool-fixtures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a spool', () => {
  it('gives back what was appended, in order and byte for byte', async () => {
    const spool = await createSpool({ folder });
    const records = Array.from({ length: 50 }, (_, index) => makeRecord(index));
    await Promise.all(records.map((record) => spool.append(record)));
    await spool.close();
    const reader = createSpoolReader({ folder });
    const stored = await readAll(reader);
    await reader.close();
    expect(stored.map(content)).toEqual(records.map(content));
    expect(stored[0]?.logId).toBe(`${spool.id}-000000000001`);
    for (const [index, record] of stored.entries()) {
      expect(record.offset).toBe(index === 0 ? 32 : stored[index - 1]?.end);
    }
  });
});
