import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addSuppressedIds,
  closeRequest,
  compareRollups,
  daysBetween,
  hashId,
  leftOfPerson,
  openRequest,
  removePerson,
  settleParts,
} from '@millrace/warehouse-schema';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../logger.ts';
import { createClickHouseWarehouse } from './click-house-warehouse.ts';
import { shareWarehouse } from './kafka/shared-warehouse.ts';
import { createStandStill } from './kafka/stand-still.ts';
import { pauseLoader } from './loader-lock.ts';
import type { LoaderStep } from './loader-options.ts';
import { reconcile } from './reconcile.ts';
import { Crash, loadAll } from './testing/loader-on-engine.ts';
import { makeRecord, type TestEvent } from './testing/make-record.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';

let engine: TestEngine;
let stateDir: string;
let log: MemoryLog;
let projectId = 0;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  projectId += 1;
  for (const table of ['events', 'message_ids', 'events_15m', 'rejected_events', 'suppressed_ids'])
    await engine.admin.command(`TRUNCATE TABLE ${table}`);
  stateDir = await mkdtemp(join(tmpdir(), 'suppression-'));
  log = createMemoryLog(stateDir.slice(-6), 10);
  return () => rm(stateDir, { recursive: true });
});

const HOUR = 3_600_000;
const now = Date.now();
/** Everything received up to now is of before the deletion. */
const UNTIL = now;
const ID = `gone-${randomBytes(8).toString('hex')}`;

const theirs = (n: number, row: TestEvent['row'] = {}): TestEvent => ({
  id: `theirs-${n}`,
  madeAt: now - HOUR,
  row: { user_id: ID, timestamp: now - HOUR, ...row },
});
const other = (n: number, row: TestEvent['row'] = {}): TestEvent => ({
  id: `other-${n}`,
  madeAt: now - HOUR,
  row: { user_id: 'somebody', timestamp: now - HOUR, ...row },
});

function append(events: TestEvent[], receivedAt = now - 1000): void {
  log.append(makeRecord({ projectId, receivedAt, events }));
}

async function suppress(): Promise<void> {
  const salt = 'salt';
  await addSuppressedIds(engine.admin, randomUUID(), [
    { projectId, salt, hash: hashId(salt, projectId, ID), until: UNTIL },
  ]);
}

/** As the command does: the list first, then, while no loader runs, the rows. */
async function deleteThem(): Promise<void> {
  await suppress();
  const resume = await pauseLoader(stateDir, 10_000);
  try {
    const request = await openRequest(engine.admin, { projectId, ids: [ID] }, UNTIL);
    await closeRequest(engine.admin, await removePerson(engine.admin, request));
    expect(await leftOfPerson(engine.admin, request)).toEqual({});
    await settleParts(engine.admin);
  } finally {
    await resume();
  }
}

const load = (options: Parameters<typeof loadAll>[2] | object = {}) =>
  loadAll(log, engine.admin, { stateDir, limits: { rows: 7, ageMs: 0 }, ...options });
const compare = (repair = false) =>
  reconcile({ reader: log.reader(), client: engine.admin, stateDir, logger: silentLogger, repair });
const stored = async () =>
  (
    await engine.admin.query<{ id: string }>(
      'SELECT message_id AS id FROM events WHERE project_id = {projectId:UInt32} ORDER BY id',
      { params: { projectId } },
    )
  ).map(({ id }) => id);
const differences = async () =>
  compareRollups(engine.admin, await daysBetween(engine.admin, { from: 0, to: now + HOUR }));

it('does not bring a person back: not by what was sent again, a new start, a lost state, nor reconcile', async () => {
  for (let n = 0; n < 12; n++) append([theirs(n), other(n)]);
  await load();
  expect(await stored()).toHaveLength(24);
  await deleteThem();
  const whole = Array.from({ length: 12 }, (_, n) => `other-${n}`).sort();
  expect(await stored()).toEqual(whole);
  // All of it again, received after the deletion, and what an offline client made before it.
  for (let n = 0; n < 12; n++) append([theirs(n), other(n)], now + HOUR);
  append([theirs(100), { ...theirs(101), madeAt: null }, { ...theirs(102), row: { ...theirs(0).row, clock_clamped: true } }], now + HOUR); // biome-ignore format: short
  await load();
  expect(await stored()).toEqual(whole);
  expect(await compare()).toMatchObject({ isExact: true });
  expect(await compare(true)).toMatchObject({ isExact: true });
  await rm(stateDir, { recursive: true });
  await load();
  expect(await stored()).toEqual(whole);
  expect(await differences()).toEqual([]);
});

it('takes what the same id does afterwards', async () => {
  append([theirs(1), other(1)]);
  await load();
  await deleteThem();
  append([{ ...theirs(2, { timestamp: now + HOUR }), madeAt: now + HOUR - 5 }], now + HOUR);
  await load();
  expect(await stored()).toEqual(['other-1', 'theirs-2']);
  expect(await compare()).toMatchObject({ isExact: true });
});

it('leaves the id out of what others did beside it, also in bytes that come again', async () => {
  const shared = (n: number) => other(n, { anonymous_id: ID, properties: { anonymous_id: ID, n: 1e21 } });
  append([shared(1)]);
  await load();
  await deleteThem();
  append([shared(2)]);
  append([other(3, { previous_id: ID, anonymous_id: ID, user_id: 'Ä"\\' })]);
  await load();
  const rows =
    'SELECT anonymous_id, previous_id, user_id FROM events WHERE project_id = {p:UInt32} ORDER BY message_id';
  expect(await engine.admin.query(rows, { params: { p: projectId } })).toEqual([
    { anonymous_id: '', previous_id: '', user_id: 'somebody' },
    { anonymous_id: '', previous_id: '', user_id: 'somebody' },
    { anonymous_id: '', previous_id: '', user_id: 'Ä"\\' },
  ]);
});

const STEPS: LoaderStep[] = ['planned', 'events-inserted', 'pieces-saved'];

it.each(STEPS)('deletes between a crash at "%s" and the next start', async (step) => {
  const bad = { id: 'bad', line: `{"project_id":"none","user_id":${JSON.stringify(ID)}}` };
  append([theirs(1), other(1), theirs(2), other(2), bad, theirs(3), other(3)]);
  await load({
    faults: (reached: LoaderStep) => {
      if (reached === step) throw new Crash(step);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
  await deleteThem();
  await load();
  expect(await stored()).toEqual(['other-1', 'other-2', 'other-3']);
  const refused = 'SELECT count() AS n FROM rejected_events WHERE position(payload, {id:String}) > 0';
  expect(await engine.admin.query(refused, { params: { id: ID } })).toEqual([{ n: 0 }]);
  expect(await compare()).toMatchObject({ isExact: true });
  expect(await differences()).toEqual([]);
});

it('judges rows anew that a loader of several had ready before the deletion', async () => {
  append([theirs(1), other(1)]);
  const warehouse = createClickHouseWarehouse(engine.admin);
  const signal = new AbortController().signal;
  const shared = shareWarehouse({ warehouse, client: engine.admin, inserts: 1, signal });
  const isQuiet = async () => (await warehouse.insertsRunning('millrace-loader:')) === 0;
  const standStill = createStandStill({ client: engine.admin, owner: randomUUID(), signal, isQuiet });
  let deleted = 0;
  const held = {
    ...shared,
    // Its rows are made; before they go, a person is deleted while everything stands still.
    async insert(...[table, rows, options]: Parameters<typeof shared.insert>) {
      expect(rows.includes(ID)).toBe(true);
      await suppress();
      await standStill.during(async () => {
        const request = await openRequest(engine.admin, { projectId, ids: [ID] }, UNTIL);
        await closeRequest(engine.admin, await removePerson(engine.admin, request));
        deleted += 1;
      });
      await shared.insert(table, rows, options);
    },
  };
  await load({ warehouse: held });
  expect(deleted).toBe(1);
  expect(await stored()).toEqual(['other-1']);
});
