import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEDUPE_HORIZON_MS } from '@millrace/core';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSpool } from '../log/spool/spool.ts';
import { createSpoolReader } from '../log/spool/spool-reader.ts';
import { createClickHouseWarehouse } from './click-house-warehouse.ts';
import type { LoaderStep } from './loader-options.ts';
import type { LoaderWarehouse } from './loader-warehouse.ts';
import { Crash, countsOf, exactly, loadAll } from './testing/loader-on-engine.ts';
import { makeRecord, RECEIVED_AT } from './testing/make-record.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';

const HOUR = 3_600_000;

let engine: TestEngine;
let log: MemoryLog;
let stateDir: string;
/** Each test has a project, a log and a time of its own. */
let projectId = 100;
let receivedAt = RECEIVED_AT;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  projectId += 1;
  receivedAt += 10 * 24 * HOUR;
  log = createMemoryLog(`log${projectId}`, 10);
  stateDir = await mkdtemp(join(tmpdir(), 'loader-'));
  return () => rm(stateDir, { recursive: true });
});

const load = (change: Partial<Parameters<typeof loadAll>[2]> = {}) =>
  loadAll(log, engine.admin, { stateDir, ...change });

/** `records` records of `perRecord` events each, over three months. */
function appendMany(records: number, perRecord: number, name = 'event'): void {
  for (let record = 0; record < records; record++) {
    const events = Array.from({ length: perRecord }, (_, index) => {
      const timestamp = receivedAt - (index % 3) * 31 * 24 * HOUR;
      return { id: `${name}-${record}-${index}`, row: { timestamp, anonymous_id: `a${index}` } };
    });
    log.append(makeRecord({ projectId, receivedAt, events, rejected: ['rejected'] }));
  }
}

async function columnOf<T>(sql: string): Promise<T[]> {
  const rows = await engine.admin.query<{ value: T }>(sql, { params: { project: projectId } });
  return rows.map(({ value }) => value);
}

describe('the loader, on ClickHouse', () => {
  it('loads events with their positions, and every view once', async () => {
    appendMany(25, 4);
    const status = await load({ limits: { ageMs: 0, rows: 30 } });
    expect(status.totals).toMatchObject({ events: 100, rejected: 25, duplicatesRefused: 0 });
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(100, 25));
    expect(
      await columnOf<string>(
        `SELECT concat(message_id, ' ', log_id, ' ', toString(log_index)) AS value FROM events
         WHERE project_id = {project:UInt32} AND message_id LIKE 'event-10-%' ORDER BY log_index`,
      ),
    ).toEqual([0, 1, 2, 3].map((i) => `event-10-${i} log${projectId}-000000000002 ${i}`));
  });

  it('inserts a chunk of 20,000 rows as one part for each partition, in the table and in its views', async () => {
    appendMany(5, 4000);
    const tables = ['events', 'message_ids', 'events_15m'];
    await engine.admin.command('SYSTEM STOP MERGES');
    const parts = async () => {
      const rows = await engine.admin.query<{ name: string; n: number }>(
        `SELECT table AS name, count() AS n FROM system.parts WHERE database = 'millrace' AND active
         GROUP BY name`,
      );
      return tables.map((table) => rows.find(({ name }) => name === table)?.n ?? 0);
    };
    const before = await parts();
    const status = await load({ limits: { ageMs: 0, rows: 30_000 } });
    const after = await parts();
    await engine.admin.command('SYSTEM START MERGES');
    expect(status.totals.chunks).toBe(1);
    expect(after.map((n, i) => n - (before[i] ?? 0))).toEqual([3, 1, 3]);
  });

  it('changes nothing when a chunk is inserted again', async () => {
    appendMany(3, 10);
    const warehouse = createClickHouseWarehouse(engine.admin);
    const twice: LoaderWarehouse = {
      ...warehouse,
      async insert(table, rows, options) {
        await warehouse.insert(table, rows, options);
        await warehouse.insert(table, rows, options);
      },
    };
    await load({ warehouse: twice });
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(30, 3));
  });

  const steps: LoaderStep[] = [
    'planned',
    'events-inserted',
    'derived-compared',
    'rejected-inserted',
    'loaded',
  ];
  it.each(steps)('is exact after a crash at "%s" of every chunk', async (step) => {
    appendMany(12, 5);
    const limits = { ageMs: 0, rows: 13 };
    let crashes = 0;
    for (let isDone = false; !isDone; ) {
      let isFirst = true;
      const faults = (at: LoaderStep) => {
        // The first chunk of every life is the one that the life before left behind.
        if (at === step && (step !== 'planned' ? !isFirst : true)) throw new Crash();
        if (at === 'loaded') isFirst = false;
      };
      await load({ limits, faults }).then(
        () => {
          isDone = true;
        },
        (error) => {
          if (!(error instanceof Crash)) throw error;
          crashes += 1;
        },
      );
    }
    expect(crashes).toBeGreaterThan(3);
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(60, 12));
  });

  it('is exact when its state is lost', async () => {
    appendMany(8, 5);
    await load({ limits: { ageMs: 0, rows: 12 } });
    await rm(stateDir, { recursive: true });
    appendMany(4, 5, 'later');
    await load({ limits: { ageMs: 0, rows: 17 }, clock: () => receivedAt + 1 });
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(60, 12));
  });

  it('fills in whatever is missing of the table, its views and the rejected rows after a crash', async () => {
    appendMany(4, 10);
    const faults = (step: LoaderStep) => {
      if (step === 'rejected-inserted') throw new Crash();
    };
    await expect(load({ faults })).rejects.toThrow(Crash);
    const lose = (table: string, where = '1') =>
      engine.admin.command(`DELETE FROM ${table} WHERE project_id = {project:UInt32} AND ${where}`, {
        params: { project: projectId },
      });
    await lose('events', 'log_index % 2 = 0');
    await lose('message_ids', 'log_index % 3 = 0');
    await lose('events_15m');
    await lose('rejected_events', 'log_offset < 5000');
    await load();
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(40, 4));
  });

  it('refuses a repeated id across restarts by a look into the warehouse', async () => {
    log.append(makeRecord({ projectId, receivedAt, events: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }));
    await load({ rememberedIds: 0 });
    log.append(
      makeRecord({
        projectId,
        receivedAt: receivedAt + HOUR,
        events: [
          { id: 'a', madeAt: null },
          { id: 'b', madeAt: receivedAt - 5 },
          { id: 'c', content: 'other', madeAt: receivedAt - 5 },
          { id: 'd', madeAt: receivedAt + HOUR },
        ],
      }),
    );
    const status = await load({ rememberedIds: 0 });
    expect(status.totals).toMatchObject({ events: 4, duplicatesRefused: 1 + 1, conflictsRefused: 1 });
    expect(
      await columnOf<number>(
        'SELECT duplicates AS value FROM dropped_duplicates WHERE project_id = {project:UInt32}',
      ),
    ).toEqual([2]);
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(4, 1));
    const [payload] = await columnOf<string>(
      "SELECT payload AS value FROM rejected_events WHERE project_id = {project:UInt32} AND reason = 'duplicate_id'",
    );
    expect(JSON.parse(payload ?? '')).toMatchObject({ message_id: 'c', project_id: projectId });
  });

  it('takes an id again once the horizon is over', async () => {
    log.append(makeRecord({ projectId, receivedAt, events: [{ id: 'a' }] }));
    await load({ rememberedIds: 0 });
    log.append(
      makeRecord({ projectId, receivedAt: receivedAt + DEDUPE_HORIZON_MS - 1, events: [{ id: 'a' }] }),
    );
    log.append(makeRecord({ projectId, receivedAt: receivedAt + DEDUPE_HORIZON_MS, events: [{ id: 'a' }] }));
    const status = await load({ rememberedIds: 0 });
    expect(status.totals).toMatchObject({ events: 2, duplicatesRefused: 1 });
  });

  it('sets rows apart that ClickHouse does not take, and loads the others', async () => {
    const bad = [
      '{"project_id":"no number"}',
      '{"project_id":1,',
      '{"unknown_column":1}',
      '{"bot_reasons":1}',
    ];
    const events = Array.from({ length: 100 }, (_, i) => {
      const line = bad[[3, 40, 41, 99].indexOf(i)];
      return { id: `e${i}`, ...(line !== undefined && { line }) };
    });
    log.append(makeRecord({ projectId, receivedAt, events, rejected: ['fine'] }));
    const status = await load();
    expect(status.totals).toMatchObject({ events: 96, notInsertable: 4, rejected: 1 });
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(96, 1 + 4));
    const kept = await engine.admin.query<{ message_id: string; detail: string; payload: string }>(
      `SELECT message_id, detail, payload FROM rejected_events
       WHERE reason = 'not_insertable' AND project_id = {project:UInt32} ORDER BY log_index`,
      { params: { project: projectId } },
    );
    expect(kept.map((row) => row.message_id)).toEqual(['e3', 'e40', 'e41', 'e99']);
    kept.forEach(({ detail, payload }, i) => {
      expect(payload).toContain((bad[i] ?? '').slice(1));
      expect(detail).toContain('(at row ');
    });
  });

  it('waits for a ClickHouse that is away, and loads when it is back', async () => {
    appendMany(5, 10);
    const restarting = engine.restart('SIGKILL');
    await Promise.all([load(), restarting]);
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(50, 5));
  });

  it('follows a spool from its first event on, over restarts, and releases what is loaded', async () => {
    const folder = join(stateDir, 'spool');
    const loadSpool = () =>
      loadAll(log, engine.admin, {
        stateDir,
        reader: createSpoolReader({ folder, keepMs: 0, keepBytes: 0 }),
      });
    for (let life = 0; life < 3; life++) {
      const spool = await createSpool({ folder, segmentBytes: 4096 });
      await loadSpool();
      for (let i = 0; i < 40; i++) {
        await spool.append(
          makeRecord({ projectId, receivedAt, events: [{ id: `${life}-${i}` }, { id: 'again' }] }),
        );
      }
      await spool.close();
    }
    const status = await loadSpool();
    expect(status.totals).toMatchObject({ events: 121, duplicatesRefused: 119 });
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(121));
    const segments = (await readdir(folder)).filter((name) => name.endsWith('.seg'));
    expect(segments).toHaveLength(1);
  });
});
