import { appendFile, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogReader } from '../log/event-log.ts';
import { createSpool } from '../log/spool/spool.ts';
import { createSpoolReader } from '../log/spool/spool-reader.ts';
import { readFolder } from '../log/spool/testing/spool-fixtures.ts';
import { silentLogger } from '../logger.ts';
import { reconcile } from './reconcile.ts';
import { STATE_FILE } from './state-file.ts';
import { countsOf, exactly, loadAll } from './testing/loader-on-engine.ts';
import { makeRecord } from './testing/make-record.ts';

const projectId = 1;
const receivedAt = Date.now();
const RECORDS = 12;

let engine: TestEngine;
let folder: string;
let stateDir: string;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

/** Three segments of four records of five events and a rejected one; every record repeats an event of the one before. */
beforeEach(async () => {
  for (const table of ['events', 'message_ids', 'events_15m', 'rejected_events']) {
    await engine.admin.command(`TRUNCATE TABLE ${table}`);
  }
  folder = await mkdtemp(join(tmpdir(), 'reconcile-spool-'));
  stateDir = await mkdtemp(join(tmpdir(), 'reconcile-'));
  for (let segment = 0; segment < 3; segment++) {
    const spool = await createSpool({ folder });
    for (let record = segment * 4; record < segment * 4 + 4; record++) {
      const events = Array.from({ length: 5 }, (_, i) => ({ id: `${record}-${i}` }));
      const again = record === 0 ? [] : [{ id: `${record - 1}-4` }];
      const row = { projectId, receivedAt: receivedAt + record * 1000, rejected: ['r'] };
      await spool.append(makeRecord({ ...row, events: [...events, ...again] }));
    }
    await spool.close();
  }
  await load();
  expect(await countsOf(engine.admin, projectId)).toEqual(whole);
  return () => Promise.all([folder, stateDir].map((path) => rm(path, { recursive: true })));
});

const whole = exactly(RECORDS * 5, RECORDS);
const spoolReader = (): LogReader => createSpoolReader({ folder });
const load = () =>
  loadAll({ reader: spoolReader }, engine.admin, { stateDir, limits: { rows: 1000, ageMs: 0 } });
const run = (options: { repair?: boolean; from?: number; to?: number } = {}) =>
  reconcile({ reader: spoolReader(), client: engine.admin, stateDir, logger: silentLogger, ...options });

/** Overwrites three bytes in the middle of a record. */
async function damage(record: number) {
  const stored = (await readFolder(folder))[record];
  if (!stored) throw new Error(`there is no record ${record}`);
  const segment = join(folder, `${stored.logId.slice(-12)}.seg`);
  const file = await open(segment, 'r+');
  await file.write(Buffer.from('xyz'), 0, 3, Math.floor((stored.offset + stored.end) / 2));
  await file.close();
}

describe('reconcile of a log that is damaged', () => {
  it.each([
    ['in the middle of a segment', 1],
    ['at the beginning of a segment', 4],
    ['at the end of a segment', 7],
    ['at the end of the log', 11],
  ])('keeps the rows whose record cannot be read, %s', async (_, record) => {
    await damage(record);
    const report = await run({ repair: true });
    expect(await countsOf(engine.admin, projectId)).toEqual(whole);
    expect(report).toMatchObject({ records: RECORDS - 1, isExact: true });
    expect(report.rows).toMatchObject([
      { table: 'events', expected: 55, missing: 0, surplus: 0, notComparable: 5 },
      { table: 'rejected_events', expected: 11, missing: 0, surplus: 0, notComparable: 1 },
    ]);
    expect(await run({ repair: true })).toEqual(report);
  });

  it('keeps the rows of a segment that is gone from between others', async () => {
    await rename(join(folder, '000000000002.seg'), join(folder, 'gone'));
    const report = await run({ repair: true });
    expect(report.rows[0]).toMatchObject({ expected: 40, missing: 0, surplus: 0, notComparable: 20 });
    expect(await countsOf(engine.admin, projectId)).toEqual(whole);
  });

  it('counts only what arrived in the given time', async () => {
    await damage(1);
    const later = await run({ from: receivedAt + 2000 });
    expect(later.rows[0]).toMatchObject({ expected: 50, notComparable: 0 });
    const earlier = await run({ to: receivedAt + 2000 });
    expect(earlier.rows[0]).toMatchObject({ expected: 5, missing: 0, surplus: 0, notComparable: 5 });
  });

  it('still mends what the records beside the damage say', async () => {
    await damage(5);
    await engine.admin.command("DELETE FROM events WHERE message_id IN ('4-1', '6-2')");
    await engine.admin.command("INSERT INTO events SELECT * FROM events WHERE message_id = '7-1'");
    // At a record that can be read, where it has no such event.
    await engine.admin.command(
      "INSERT INTO events SELECT * REPLACE (99 AS log_index, 'strange' AS message_id) FROM (SELECT * FROM events WHERE message_id = '8-1')",
    );
    const report = await run({ repair: true });
    expect(report.rows[0]).toMatchObject({ missing: 2, surplus: 2, notComparable: 5 });
    // An id that was once there stays known.
    expect(await countsOf(engine.admin, projectId)).toEqual({ ...whole, messageIds: 61 });
  });
});

describe('a loader that starts again without its state on a log that is damaged', () => {
  it.each([1, 4, 7])('inserts no repetition of what it cannot read any more (record %i)', async (record) => {
    await damage(record);
    await rm(join(stateDir, STATE_FILE));
    await load();
    expect(await countsOf(engine.admin, projectId)).toEqual(whole);
  });

  it('does so with a state file that is damaged', async () => {
    await damage(1);
    await appendFile(join(stateDir, STATE_FILE), 'x');
    await load();
    expect(await countsOf(engine.admin, projectId)).toEqual(whole);
  });
});
