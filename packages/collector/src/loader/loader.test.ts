import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLockedError } from '@millrace/definitions/lock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../logger.ts';
import { createLoader } from './create-loader.ts';
import type { LoaderOptions } from './loader-options.ts';
import { STATE_FILE } from './state-file.ts';
import { makeRecord, RECEIVED_AT, type TestEvent, type TestRecord } from './testing/make-record.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
import { createMemoryWarehouse, type InsertFate, type MemoryWarehouse } from './testing/memory-warehouse.ts';

class Crash extends Error {}

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'loader-'));
  return () => rm(stateDir, { recursive: true });
});

function makeLoader(log: MemoryLog, warehouse: MemoryWarehouse, change: Partial<LoaderOptions> = {}) {
  return createLoader({
    reader: log.reader(),
    warehouse,
    stateDir,
    logger: silentLogger,
    retryMs: { first: 1, longest: 2 },
    ...change,
    limits: { ageMs: 0, ...change.limits },
  });
}

/** Runs a loader until everything is loaded, or it crashes. */
async function load(log: MemoryLog, warehouse: MemoryWarehouse, change: Partial<LoaderOptions> = {}) {
  const loader = makeLoader(log, warehouse, change);
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  await Promise.race([loader.drain(), running]);
  ending.abort();
  await running;
  return loader;
}

const positions = (rows: { log_id: string; log_offset: number; log_index: number }[]) =>
  rows.map((row) => `${row.log_id} ${String(row.log_offset).padStart(9)} ${row.log_index}`).sort();

/** Where each event of the records belongs, in a log whose ids never repeat after the horizon. */
async function expected(log: MemoryLog, isBad: (id: string) => boolean) {
  const reader = log.reader();
  const seen = new Map<string, number>();
  const result = { events: [] as string[], rejected: [] as string[], duplicates: 0 };
  let from = await reader.first();
  for (;;) {
    const { records, next, finished } = await reader.read(from, { rows: 100, bytes: 100_000 });
    if (records.length === 0 && !finished) break;
    from = next;
    for (const { logId, offset, meta } of records) {
      const at = (index: number) => positions([{ log_id: logId, log_offset: offset, log_index: index }]);
      meta.marks.forEach(([id, , hash], index) => {
        const earlier = seen.get(id);
        if (earlier === hash) result.duplicates += 1;
        else if (earlier !== undefined || isBad(id)) result.rejected.push(...at(index));
        else {
          seen.set(id, hash);
          result.events.push(...at(index));
        }
      });
      for (let i = 0; i < meta.rejected; i++) result.rejected.push(...at(meta.marks.length + i));
    }
  }
  result.events.sort();
  result.rejected.sort();
  return result;
}

const records: fc.Arbitrary<TestRecord[]> = fc.array(
  fc.record({
    events: fc.array(
      fc.record({ id: fc.nat(30).map(String), content: fc.constantFrom('a', 'a', 'a', 'b') }),
      {
        maxLength: 8,
      },
    ),
    rejected: fc.array(fc.constant('rejected'), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 25, size: 'max' },
);
const isBad = (id: string) => id.endsWith('7');
const fates: InsertFate[] = ['unsent', 'lost', 'stored', 'late', 'kept-token', 'short-view', 'busy'];

function append(log: MemoryLog, records: TestRecord[]): void {
  let count = 0;
  // A repetition of a refused event is refused again, or dropped if it is in the same chunk: here it is another.
  const asStored = (event: TestEvent): TestEvent =>
    isBad(event.id) ? { ...event, id: `${count++}-7`, row: { bad: true } as object } : event;
  for (const record of records) log.append(makeRecord({ ...record, events: record.events.map(asStored) }));
}

const event = (id: number) => ({ id: String(id), content: 'a' });

/** What broke a loader once: records, fates of inserts, steps at which it crashes, rows a chunk, whether the state is lost. */
const FOUND_BEFORE: [TestRecord[], (InsertFate | null)[], number[], number, boolean][] = [
  // The view was cut off, and the crash came between the note that the rows are there and the look at the view.
  [
    [{ events: [event(1), event(27), event(2)], rejected: [] }],
    [null, null, null, 'short-view'],
    [3],
    9,
    false,
  ],
  // The token of a state that is lost was kept without rows; the view had got them.
  [[{ events: [event(1)], rejected: [] }], [null, 'kept-token'], [4], 1, true],
  [[{ events: [event(1)], rejected: [] }], ['kept-token'], [0], 1, true],
  [[{ events: [event(1)], rejected: [] }], ['kept-token', 'unsent', 'unsent'], [4], 1, true],
];

describe('the loader', () => {
  it('loads every event exactly once, whatever fails or crashes on the way', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.array(fc.option(fc.constantFrom(...fates), { freq: 2 }), { maxLength: 40 }),
        fc.array(fc.nat(12), { maxLength: 12 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (records, insertFates, crashes, rows, losesState) => {
          const log = createMemoryLog('spool', 7);
          append(log, records);
          const fatesLeft = [...insertFates];
          const warehouse = createMemoryWarehouse(() => fatesLeft.shift() ?? 'done');
          const dir = join(stateDir, String(run++));
          for (const crash of [...crashes, Number.POSITIVE_INFINITY]) {
            let steps = 0;
            const faults = () => {
              if (steps++ === crash) throw new Crash();
            };
            // With a state of its own, a loader compares what came before it began.
            const clock = () => RECEIVED_AT + (losesState ? 1 : 0);
            const change = { stateDir: dir, faults, clock, limits: { rows }, rememberedIds: 20 };
            await load(log, warehouse, change).catch((error) => {
              if (!(error instanceof Crash)) throw error;
            });
            if (losesState) await writeFile(join(dir, STATE_FILE), 'lost');
          }
          const { events, rejected, duplicates } = await expected(log, isBad);
          expect(positions(warehouse.tables.events)).toEqual(events);
          expect(positions(warehouse.tables.rejected_events)).toEqual(rejected);
          expect(warehouse.viewCount()).toBe(events.length);
          expect(warehouse.duplicatesNoted()).toBe(duplicates);
        },
      ),
      { numRuns: 25, examples: FOUND_BEFORE },
    );
  }, 60_000);

  it('says since when and why nothing is taken, logs that once, and ends at once when told to', async () => {
    const log = createMemoryLog();
    append(log, [{ events: [event(1)] }]);
    let isAway = true;
    let tries = 0;
    const warehouse = createMemoryWarehouse(() => {
      tries += 1;
      return isAway ? 'unsent' : 'done';
    });
    const lines: string[] = [];
    const note = (line: string) => lines.push(line);
    const logger = { info: note, warn: note, error: note };
    const loader = makeLoader(log, warehouse, { logger });
    const ending = new AbortController();
    const running = loader.run(ending.signal);
    await expect.poll(() => tries).toBeGreaterThan(3);
    expect(loader.status()).toMatchObject({
      state: 'blocked',
      reason: 'refused',
      oldestPendingAt: RECEIVED_AT,
    });
    ending.abort();
    await running;
    expect(loader.status().state).toBe('stopped');
    expect(lines).toHaveLength(1);

    isAway = false;
    await load(log, warehouse);
    expect(warehouse.tables.events).toHaveLength(1);
  });

  it('finishes the insert under way when it is told to end', async () => {
    const log = createMemoryLog();
    append(log, [{ events: [event(1)] }]);
    const ending = new AbortController();
    const warehouse = createMemoryWarehouse(() => {
      ending.abort();
      return 'done';
    });
    const loader = makeLoader(log, warehouse);
    const drained = loader.drain();
    await loader.run(ending.signal);
    expect(await drained).toBe(false);
    expect(loader.status().totals.events).toBe(1);
    expect((await load(log, warehouse)).status().totals.chunks).toBe(1);
  });

  it('refuses a folder that another loader has', async () => {
    const log = createMemoryLog();
    const ending = new AbortController();
    const first = makeLoader(log, createMemoryWarehouse());
    const running = first.run(ending.signal);
    await expect.poll(() => first.status().state).not.toBe('stopped');
    await expect(makeLoader(log, createMemoryWarehouse()).run(ending.signal)).rejects.toThrow(
      FolderLockedError,
    );
    ending.abort();
    await running;
  });
});
