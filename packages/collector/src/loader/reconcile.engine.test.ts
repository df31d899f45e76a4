import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.ts';
import { createClickHouseWarehouse } from './click-house-warehouse.ts';
import { createLoader } from './create-loader.ts';
import { reconcile } from './reconcile.ts';
import { countsOf, exactly, loadAll } from './testing/loader-on-engine.ts';
import { makeRecord } from './testing/make-record.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';

const projectId = 1;
const receivedAt = Date.now();

let engine: TestEngine;
let stateDir: string;
let log: MemoryLog;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  for (const table of ['events', 'message_ids', 'events_15m', 'rejected_events']) {
    await engine.admin.command(`TRUNCATE TABLE ${table}`);
  }
  stateDir = await mkdtemp(join(tmpdir(), 'reconcile-'));
  log = createMemoryLog(stateDir.slice(-6), 10);
  for (let record = 0; record < 25; record++) {
    const events = Array.from({ length: 8 }, (_, i) => ({
      id: `${record}-${i}`,
      row: { anonymous_id: `a${i}` },
    }));
    const again = { id: `${Math.max(0, record - 3)}-1` };
    const bad = { id: `bad-${record}`, line: '{"project_id":"none"}' };
    log.append(
      makeRecord({
        projectId,
        receivedAt: receivedAt + record * 1000,
        events: [...events, again, ...(record % 10 === 0 ? [bad] : [])],
        rejected: ['rejected'],
      }),
    );
  }
  return () => rm(stateDir, { recursive: true });
});

const run = (options: { repair?: boolean; from?: number; to?: number } = {}) =>
  reconcile({ reader: log.reader(), client: engine.admin, stateDir, logger: silentLogger, ...options });
const whole = exactly(200, 25 + 3);

describe('reconcile', () => {
  it('finds nothing where nothing is wrong', async () => {
    await loadAll(log, engine.admin, { stateDir, limits: { rows: 30, ageMs: 0 } });
    expect(await run()).toEqual({
      records: 25,
      isExact: true,
      rows: [
        {
          table: 'events',
          against: 'log',
          expected: 200,
          missing: 0,
          surplus: 0,
          notComparable: 0,
          repaired: false,
        },
        {
          table: 'rejected_events',
          against: 'log',
          expected: 25,
          missing: 0,
          surplus: 0,
          notComparable: 0,
          repaired: false,
        },
      ],
    });
  });

  it('says what is missing and what is there twice, and mends it when told to', async () => {
    await loadAll(log, engine.admin, { stateDir, limits: { rows: 30, ageMs: 0 } });
    await engine.admin.command("DELETE FROM events WHERE message_id IN ('3-1', '7-2', '24-7')");
    await engine.admin.command("DELETE FROM message_ids WHERE message_id LIKE '5-%'");
    await engine.admin.command('DELETE FROM rejected_events WHERE log_offset < 5000');
    await engine.admin.command("INSERT INTO events SELECT * FROM events WHERE message_id LIKE '11-%'");
    const damaged = await countsOf(engine.admin, projectId);

    const seen = await run();
    expect(seen.isExact).toBe(false);
    // The three that could not be inserted are now missing altogether.
    expect(seen.rows[0]).toMatchObject({ table: 'events', missing: 3 + 3, surplus: 8, repaired: false });
    expect(seen.rows[1]?.missing).toBeGreaterThan(0);
    expect(new Set(seen.rows.slice(2).map((row) => row.table))).toEqual(
      new Set(['events_15m', 'message_ids']),
    );
    expect(await countsOf(engine.admin, projectId)).toEqual(damaged);

    await run({ repair: true });
    expect(await countsOf(engine.admin, projectId)).toEqual(whole);
    expect((await run()).isExact).toBe(true);
  });

  it('takes no repetition for a missing event when the ids are mended', async () => {
    await loadAll(log, engine.admin, { stateDir, limits: { rows: 30, ageMs: 0 } });
    await engine.admin.command("DELETE FROM message_ids WHERE message_id LIKE '8-%'");
    await run({ repair: true });
    expect(await countsOf(engine.admin, projectId)).toEqual(whole);
  });

  it('looks only at what arrived in the given time', async () => {
    await loadAll(log, engine.admin, { stateDir, limits: { rows: 1, ageMs: 0 } });
    await engine.admin.command("DELETE FROM events WHERE message_id IN ('3-1', '20-2')");
    const report = await run({ from: receivedAt + 15_000, to: receivedAt + 25_000 });
    expect(report.records).toBe(10);
    expect(report.rows[0]).toMatchObject({ expected: 80, missing: 1 });
  });

  it('works beside a running loader, which stands still meanwhile and goes on after it', async () => {
    const loader = createLoader({
      reader: log.reader(),
      warehouse: createClickHouseWarehouse(engine.admin),
      stateDir,
      logger: silentLogger,
      limits: { ageMs: 0 },
    });
    const ending = new AbortController();
    const running = loader.run(ending.signal);
    await loader.drain();
    await engine.admin.command("DELETE FROM events WHERE message_id = '3-1'");
    expect((await run({ repair: true })).rows[0]).toMatchObject({ missing: 1, repaired: true });
    log.append(makeRecord({ projectId, receivedAt, events: [{ id: 'later' }] }));
    expect(await loader.drain()).toBe(true);
    ending.abort();
    await running;
    expect(await countsOf(engine.admin, projectId)).toEqual(exactly(201, 28));
  });
});
