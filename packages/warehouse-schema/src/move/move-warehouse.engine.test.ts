import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkWarehouse } from '../check/check-warehouse.ts';
import type { WarehouseConnection } from '../client.ts';
import { ADMIN_USER } from '../embedded/write-config.ts';
import { migrate } from '../migrations/migrate.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { moveWarehouse } from './move-warehouse.ts';

let source: TestEngine;
let target: TestEngine;
const connection = ({ url, adminPassword }: TestEngine): WarehouseConnection => ({
  url,
  username: ADMIN_USER,
  password: adminPassword,
});

const DAY_MS = 86_400_000;
const NOW = Date.now();

/** Rows of several months, with more keys than are kept as columns of their own, in several parts. */
async function fill(from: number, count: number) {
  const rows = Array.from({ length: count }, (_, i) =>
    makeEventRow(from + i, {
      timestamp: NOW - (i % 7) * 20 * DAY_MS,
      received_at: NOW - (i % 3) * DAY_MS,
      revenue: i / 4,
      properties: {
        [`key${i % 300}`]: i,
        'a.b': 1.5,
        big: '9007199254740993',
        exact: 9007199254740991,
        list: [{ x: i }, null, 'ä\u0000\t'],
        experiment: `e${i % 5}`,
      },
      traits: { plan: i % 2 ? 'pro' : null },
    }),
  );
  await source.admin.insertRows('events', encodeRows(rows), { token: `fill-${from}` });
}

beforeAll(async () => {
  source = await startTestEngine();
  await fill(0, 2000);
  await fill(2000, 2000);
  await source.admin.insertRows(
    'rejected_events',
    encodeRows([
      {
        project_id: 1,
        message_id: 'bad',
        reason: 'too_deep',
        detail: 'd',
        received_at: NOW,
        payload: '{',
        retention_days: 9,
      },
    ]),
  );
  // Rows that are gone for the reader, and a rollup that outlives its events.
  await source.admin.command("DELETE FROM events WHERE message_id = 'message-17'", {
    settings: { lightweight_deletes_sync: 2 },
  });
  await source.admin.command(
    "INSERT INTO events_15m (project_id, bucket, event, events) VALUES (9, '2020-01-01 00:00:00', 'long ago', 5)",
  );
});
beforeEach(async () => {
  target = await startTestEngine({ migrated: false });
  return () => target.close();
});
afterAll(() => source.close());

const move = (over: Partial<Parameters<typeof moveWarehouse>[0]> = {}) =>
  moveWarehouse({ from: connection(source), to: connection(target), ...over });
const TOTALS = `
  SELECT (SELECT (count(), uniqExact(message_id), sum(cityHash64(* EXCEPT (properties, traits, context), toString(properties), toString(traits)))) FROM events) AS events,
    (SELECT (sum(events), uniqMerge(users), uniqMerge(sessions), sum(revenue)) FROM events_15m) AS rollup,
    (SELECT (count(), sum(cityHash64(*))) FROM message_ids) AS ids,
    (SELECT (count(), sum(cityHash64(*))) FROM rejected_events) AS rejected`;
const totals = async (engine: TestEngine) => JSON.stringify(await engine.admin.query(TOTALS));

it('copies every table, whole, without counting anything again, and leaves the source as it is', async () => {
  const before = await totals(source);
  const reports = await move();
  expect(reports).toEqual(
    expect.arrayContaining([
      { table: 'events', rows: 3999, copied: 3999 },
      { table: 'message_ids', rows: 4000, copied: 4000 },
      { table: 'rejected_events', rows: 1, copied: 1 },
    ]),
  );
  expect(await totals(target)).toBe(before);
  expect(await totals(source)).toBe(before);
  expect(await target.admin.query('SELECT events FROM events_15m WHERE project_id = 9')).toEqual([
    { events: 5 },
  ]);
  expect((await checkWarehouse(target.admin)).filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(await target.admin.query("SELECT name FROM system.tables WHERE name LIKE '%_moving'")).toEqual([]);

  // It goes on there: views fill the rollups, and a second run copies nothing.
  await target.admin.insertRows('events', encodeRows([makeEventRow(9000, { message_id: 'after' })]));
  const counted = "SELECT sum(events) AS n FROM events_15m WHERE event = 'clicked'";
  expect(await target.admin.query(counted)).toEqual([{ n: 4001 }]);
  await target.admin.insertRows(
    'events',
    encodeRows([makeEventRow(9001, { message_id: 'months later', timestamp: NOW - 300 * DAY_MS })]),
  );
  expect(await move()).toEqual(reports.map((report) => ({ ...report, copied: 0 })));
});

it('goes on after the target was killed at any partition, and copies none twice', async () => {
  let copied = 0;
  for (let run = 0; ; run += 1) {
    expect(run).toBeLessThan(10);
    let restarted: Promise<void> | undefined;
    const moving = move({
      onPartition: (_, done) => {
        if (done === 2 + run && run < 3) restarted = target.restart('SIGKILL');
        else copied += 1;
      },
    });
    const failed = await moving.then(
      () => false,
      () => true,
    );
    await restarted;
    if (!failed) break;
  }
  expect(copied).toBeGreaterThan(8);
  expect(await totals(target)).toBe(await totals(source));
  expect(
    await target.admin.query(
      'SELECT count() - uniqExact(table_name, partition_id) AS n FROM warehouse_moves',
    ),
  ).toEqual([{ n: 0 }]);
});

it('does not touch a target that has events of its own', async () => {
  await migrate({ client: target.admin });
  await target.admin.insertRows('events', encodeRows([makeEventRow(1, { message_id: 'own' })]));
  const before = await totals(target);
  await expect(move()).rejects.toMatchObject({
    code: 'not_empty',
    message: expect.stringContaining('1 other rows'),
  });
  expect(await totals(target)).toBe(before);
});

it('says that the source has changed since, and where the target cannot be reached', async () => {
  await move();
  await source.admin.insertRows('events', encodeRows([makeEventRow(5000, { message_id: 'later' })]));
  await expect(move()).rejects.toMatchObject({
    code: 'changed',
    message: expect.stringMatching(/has changed since/),
  });
  await expect(move({ to: { ...connection(target), url: 'http://127.0.0.1:1' } })).rejects.toThrow(
    /ECONNREFUSED/,
  );
});
