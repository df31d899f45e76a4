import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WarehouseClient } from '../client.ts';
import { applyMigrations, migrate } from '../migrations/migrate.ts';
import { readMigrations } from '../migrations/read-migrations.ts';
import { compareRollups, daysBetween } from '../rollups/compare-rollups.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { noteRollup, ROLLUP_STEP, readNotes, unfilledRollups } from './backfill-notes.ts';
import { backfillPending } from './backfill-pending.ts';
import { type BackfillProgress, backfillRollup } from './backfill-rollup.ts';

// A warehouse of before there was any rollup of time, with events over three days of two months.
const HISTORY = 3_000;
const DAYS = ['2026-10-30', '2026-10-31', '2026-11-01'];
const SEEDS = [11, 12];
let engine: TestEngine;
let inserted = 0;

const timeOf = (n: number) =>
  Date.parse(`${DAYS[n % DAYS.length]}T00:00:00Z`) + ((n * 7_919) % 1_440) * 60_000;
const rowsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const timestamp = timeOf(n);
    return makeEventRow(n, {
      event: `e${n % 5}`,
      timestamp,
      received_at: timestamp,
      user_id: `u${n % 97}`,
      revenue: 1.25,
    });
  });

async function insert(count: number): Promise<void> {
  const rows = encodeRows(rowsFrom(inserted, count));
  await engine.admin.insertRows('events', rows, { token: randomUUID() });
  inserted += count;
}

beforeAll(async () => {
  engine = await startTestEngine({ migrated: false });
  await engine.admin.createDatabase();
  await applyMigrations({ client: engine.admin, versions: [1, 2, 3] });
  await insert(HISTORY);
  await migrate({ client: engine.admin });
});
afterAll(() => engine?.close());

/** One at a time: an insert, or what wants none meanwhile. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(operation: () => Promise<T>): Promise<T> => {
    const next = last.catch(() => {}).then(operation);
    last = next;
    return next;
  };
}

async function besideInserts<T>(
  turn: ReturnType<typeof createTurns>,
  rows: number,
  operation: () => Promise<T>,
): Promise<T> {
  let isOver = false;
  const live = (async () => {
    while (!isOver) await turn(() => insert(rows));
  })();
  try {
    return await operation();
  } finally {
    isOver = true;
    await live;
  }
}

const totals = async () =>
  (
    await engine.admin.query(
      'SELECT sum(events) AS events, toFloat64(sum(revenue)) AS revenue, uniqMerge(users) AS users FROM events_15m',
    )
  )[0];
const exact = () => ({ events: inserted, revenue: inserted * 1.25, users: 97 });
const differences = async () =>
  compareRollups(engine.admin, await daysBetween(engine.admin, { from: 0, to: Date.UTC(2030, 0) }));

it('the migration that makes a rollup notes that it is to be filled', async () => {
  expect(await unfilledRollups(engine.admin)).toEqual(expect.arrayContaining(['events_15m', 'exposures']));
  expect(await unfilledRollups(engine.admin)).not.toContain('message_ids');
  expect(await totals()).toMatchObject({ events: 0 });
});

it('fills what came before the view, once, beside live inserts, and says how far it is', async () => {
  const turn = createTurns();
  const progress: BackfillProgress[] = [];
  await insert(50);
  const reports = await besideInserts(turn, 10, () =>
    backfillPending({
      client: engine.admin,
      standStill: turn,
      load: 1,
      eventsAtOnce: 300,
      onProgress: (one) => progress.push(one),
    }),
  );
  const report = reports.find(({ rollup }) => rollup === 'events_15m');
  expect(report).toMatchObject({ days: DAYS.length, remade: 0 });
  expect(report?.events).toBeGreaterThanOrEqual(HISTORY + 50);
  expect(progress.filter(({ rollup }) => rollup === 'events_15m').at(-1)).toMatchObject({
    done: report?.events,
    total: report?.events,
    restMs: 0,
  });
  expect(await totals()).toEqual(exact());
  expect(await differences()).toEqual([]);
  expect(await unfilledRollups(engine.admin)).toEqual([]);
});

it('does nothing where every event is counted already', async () => {
  const before = await totals();
  expect(
    await backfillRollup('events_15m', { client: engine.admin, standStill: (use) => use() }),
  ).toMatchObject({ days: 0 });
  expect(await totals()).toEqual(before);
});

it('names the rollups where it is asked for another', async () => {
  await expect(
    backfillRollup('events_daily', { client: engine.admin, standStill: (use) => use() }),
  ).rejects.toThrow(/no rollup "events_daily": expected one of events_15m, /);
});

/** The whole of it anew. */
async function startOver(): Promise<void> {
  await engine.admin.command('TRUNCATE TABLE rollup_backfills');
  await noteRollup(engine.admin, 'events_15m', ROLLUP_STEP.pending);
}

class Killed extends Error {}

/** A client whose process may die before or after any of its statements. */
function mortal(client: WarehouseClient, dies: () => boolean): WarehouseClient {
  const around = async <T>(operation: () => Promise<T>): Promise<T> => {
    if (dies()) throw new Killed();
    const result = await operation();
    if (dies()) throw new Killed();
    return result;
  };
  return {
    ...client,
    query: (sql, options) => around(() => client.query(sql, options)),
    command: (sql, options) => around(() => client.command(sql, options)),
  };
}

it.each(SEEDS)('goes on after it was killed at any point, beside live inserts: seed %i', async (seed) => {
  await startOver();
  const random = seededRandom(seed);
  let deaths = 0;
  const client = mortal(engine.admin, () => {
    const isNow = deaths < 12 && random() < 0.08;
    if (isNow) deaths += 1;
    return isNow;
  });
  const turn = createTurns();
  const options = { client, standStill: turn, load: 1, eventsAtOnce: 400 };
  await besideInserts(turn, 5, async () => {
    for (;;) {
      const ended = await backfillRollup('events_15m', options).catch((error: unknown) => error);
      if (ended instanceof Killed) continue;
      expect(ended, `seed ${seed}`).toMatchObject({ rollup: 'events_15m' });
      return;
    }
  });
  expect(deaths, `seed ${seed}`).toBeGreaterThan(0);
  expect(await totals(), `seed ${seed}`).toEqual(exact());
  expect(await differences(), `seed ${seed}`).toEqual([]);
});

it('goes on after ClickHouse was killed in the middle of a day', async () => {
  await startOver();
  let fills = 0;
  const client: WarehouseClient = {
    ...engine.admin,
    async command(sql, options) {
      const running = engine.admin.command(sql, options);
      if (sql.startsWith('INSERT INTO events_15m ') && ++fills === 3) {
        process.kill(engine.clickHouse().pid, 'SIGKILL');
      }
      return running;
    },
  };
  const options = { client, standStill: <T>(use: () => Promise<T>) => use(), load: 1, eventsAtOnce: 300 };
  await expect(backfillRollup('events_15m', options)).rejects.toThrow();
  await engine.restart('SIGKILL');
  const { days } = await readNotes(engine.admin, 'events_15m');
  expect(days.map(({ step }) => step)).toContain(2);
  await insert(20);
  await backfillRollup('events_15m', options);
  expect(await totals()).toEqual(exact());
  expect(await differences()).toEqual([]);
});

it('a rollup that is made with an empty table needs nothing', async () => {
  const versions = readMigrations().map(({ version }) => version);
  await engine.admin.command('DROP DATABASE millrace SYNC');
  await engine.admin.createDatabase();
  await applyMigrations({ client: engine.admin, versions });
  expect(await unfilledRollups(engine.admin)).toEqual([]);
});
