import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSuppressionList, hashId } from '@millrace/warehouse-schema';
import { beforeEach, expect, it } from 'vitest';
import { makeRecord } from '../../loader/testing/make-record.ts';
import { suppressLog } from '../suppressed-log.ts';
import { redactSpool } from './redact-spool.ts';
import { createSpool } from './spool.ts';
import { readFolder } from './testing/spool-fixtures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redact-'));
  return () => rm(folder, { recursive: true });
});

const ID = `gone-${randomBytes(8).toString('hex')}`;
const UNTIL = Date.UTC(2026, 10, 20, 13);
const ids = [{ projectId: 1, salt: 's', hash: hashId('s', 1, ID), until: UNTIL }];
const list = createSuppressionList(ids);

const theirs = { id: `order of ${ID}`, row: { user_id: ID, properties: { text: '\\"}' } } };
const made = { id: randomUUID(), row: { anonymous_id: ID } };
const other = (n: number) => ({ id: `other-${n}`, row: { user_id: 'Ä"', properties: { n: 1e21 } } });
const shared = { id: 'shared', row: { anonymous_id: ID, user_id: 'bob' } };
const refused = (payload: object) =>
  Buffer.from(`${JSON.stringify({ project_id: 1, payload: JSON.stringify(payload) })}\n`);

function records() {
  const mixed = makeRecord({ events: [other(1), theirs, other(2), made, shared] });
  mixed.rejected = Buffer.concat([refused({ userId: ID }), refused({ userId: `${ID}2` })]);
  mixed.meta.rejected = 2;
  return [
    makeRecord({ events: [other(3)] }),
    mixed,
    makeRecord({ events: [theirs] }),
    makeRecord({ events: [other(4)] }),
  ];
}

async function bytes(): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join(
    '\n',
  );
}

it('blanks what is of them in finished segments, and moves nothing', async () => {
  const spool = await createSpool({ folder });
  for (const record of records()) await spool.append(record);
  await spool.rotate?.();
  await spool.append(makeRecord({ events: [other(5)] }));
  await link(join(folder, '000000000001.seg'), join(folder, 'quarantine', '000000000001.seg'));
  const before = await readFolder(folder);

  // The segment and its copy in quarantine; the one that is written to is not touched.
  expect(await redactSpool(folder, list)).toEqual({ events: 2 * 5, open: 1, unreadableBytes: 0 });
  expect((await bytes()).replaceAll(`${ID}2`, '')).not.toContain(ID);
  const after = await readFolder(folder);
  expect(after.map(({ logId, offset, end }) => ({ logId, offset, end }))).toEqual(
    before.map(({ logId, offset, end }) => ({ logId, offset, end })),
  );
  const lines = (after[1]?.rows.toString() ?? '').split('\n');
  expect(lines.map((line) => line.trim()).slice(0, 4)).toEqual([
    before[1]?.rows.toString().split('\n')[0],
    '{}',
    before[1]?.rows.toString().split('\n')[2],
    '{}',
  ]);
  expect(JSON.parse(lines[4] ?? '')).toMatchObject({ message_id: 'shared', user_id: 'bob' });
  expect(after[1]?.meta.marks.map(([id]) => id)).toEqual(['other-1', '', 'other-2', made.id, 'shared']);
  for (const untouched of [0, 3, 4]) expect(after[untouched]).toEqual(before[untouched]);
  expect(await redactSpool(folder, list)).toMatchObject({ events: 0 });
  await spool.close();
  expect(await redactSpool(folder, list)).toMatchObject({ events: 0, open: 0 });
});

it('says how much is damaged, and leaves it', async () => {
  const spool = await createSpool({ folder });
  for (const record of records()) await spool.append(record);
  await spool.close();
  const path = join(folder, '000000000001.seg');
  const damaged = await readFile(path);
  damaged.fill('x', 60, 70);
  await writeFile(path, damaged);
  const { unreadableBytes, events } = await redactSpool(folder, list);
  expect(unreadableBytes).toBeGreaterThan(10);
  expect(events).toBe(5);
});

it('a log that suppresses acknowledges their events and keeps nothing, and finishes what it had', async () => {
  const spool = await createSpool({ folder });
  const log = suppressLog(spool);
  for (const record of records()) await log.append(record);
  log.suppress(ids);
  for (const record of records()) await log.append(record);
  await log.append(
    makeRecord({
      events: [{ ...theirs, madeAt: UNTIL + 1, row: { ...theirs.row, timestamp: UNTIL + 1 } }],
      receivedAt: UNTIL + 5,
    }),
  );
  await log.close();
  const [first, second, ...none] = (await readdir(folder)).filter((name) => name.endsWith('.seg')).sort();
  expect(none).toEqual([]);
  expect(await readFile(join(folder, first ?? ''), 'latin1')).toContain(`order of ${ID}`);
  const stored = (await readFolder(folder)).filter(({ logId }) =>
    logId.endsWith(second?.slice(0, 12) ?? '-'),
  );
  expect(stored.map(({ meta }) => meta.marks.map(([id]) => id))).toEqual([
    ['other-3'],
    ['other-1', 'other-2', 'shared'],
    ['other-4'],
    [theirs.id],
  ]);
  expect(stored[1]?.meta.rejected).toBe(1);
  expect(stored[1]?.rejected.toString()).toContain(`${ID}2`);
});

it('finishes what a process before appended, of which no later segment says so yet', async () => {
  const before = await createSpool({ folder });
  for (const record of records()) await before.append(record);
  await before.close();
  const spool = await createSpool({ folder });
  await spool.rotate?.();
  expect(await redactSpool(folder, list)).toMatchObject({ events: 5, open: 1 });
  // Once is enough: nothing is appended to the new one.
  await spool.append(makeRecord({ events: [other(5)] }));
  await spool.close();
  expect((await readdir(folder)).filter((name) => name.endsWith('.seg'))).toHaveLength(2);
  expect((await bytes()).replaceAll(`${ID}2`, '')).not.toContain(ID);
});

it('rotates under load: what was appended before stands in earlier segments', async () => {
  const spool = await createSpool({ folder });
  const appends = Array.from({ length: 200 }, (_, n) => spool.append(makeRecord({ events: [other(n)] })));
  const rotated = spool.rotate?.();
  const later = Array.from({ length: 200 }, (_, n) => spool.append(makeRecord({ events: [other(200 + n)] })));
  await Promise.all([...appends, rotated, ...later]);
  await spool.close();
  const stored = await readFolder(folder);
  const last = stored.at(-1)?.logId ?? '';
  const numbers = (isLast: boolean) =>
    stored
      .filter(({ logId }) => (logId === last) === isLast)
      .map(({ meta }) => Number(meta.marks[0]?.[0].slice(6)));
  expect(Math.max(...numbers(false))).toBe(199);
  expect(Math.min(...numbers(true))).toBe(200);
});
