import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkWarehouse } from './check/check-warehouse.ts';
import { createDictionaries } from './dictionaries/create-dictionaries.ts';
import { migrate } from './migrations/migrate.ts';
import { startTestEngine, type TestEngine } from './testing/engine.ts';
import { encodeRows, makeEventRow } from './testing/make-event-row.ts';

// The statements are those of docs/deploy.md.
const BACKUP = `BACKUP DATABASE millrace TO File('2026-01-31')`;
const RESTORE = `RESTORE DATABASE millrace FROM File('2026-01-31')`;

let embedded: TestEngine;
let server: TestEngine;

beforeAll(async () => {
  [embedded, server] = await Promise.all([startTestEngine(), startTestEngine({ migrated: false })]);
});
afterAll(() => Promise.all([embedded.close(), server.close()]));

const BEGUN = Date.now() - 60_000;
const insert = (engine: TestEngine, from: number, count: number, token: string) => {
  const rows = Array.from({ length: count }, (_, i) =>
    makeEventRow(from + i, { timestamp: BEGUN + from + i, received_at: BEGUN }),
  );
  return engine.admin.insertRows('events', encodeRows(rows), { token });
};
const totals = async (engine: TestEngine) =>
  (
    await engine.admin.query<Record<string, number>>(`
      SELECT (SELECT count() FROM events) AS events, (SELECT uniqExact(message_id) FROM events) AS ids,
        (SELECT sum(events) FROM events_15m) AS counted, (SELECT count() FROM message_ids) AS seen,
        (SELECT sum(cityHash64(message_id, toString(properties), toString(timestamp))) FROM events) AS contents`)
  )[0];

it('a backup of the embedded warehouse is restored by another ClickHouse, whole and ready for more', async () => {
  await createDictionaries(embedded.admin, 'postgres://reader:password@127.0.0.1:1/millrace');
  await insert(embedded, 0, 500, 'one');
  await insert(embedded, 500, 300, 'two');
  await embedded.admin.command(BACKUP);
  const before = await totals(embedded);
  expect(before).toMatchObject({ events: 800, ids: 800, counted: 800, seen: 800 });

  // What is written after the backup is not in it.
  await insert(embedded, 800, 10, 'three');
  const folder = 'backups/2026-01-31';
  await cp(join(embedded.dataDir, folder), join(server.dataDir, folder), { recursive: true });
  await server.admin.command(RESTORE);
  expect(await totals(server)).toEqual(before);

  expect((await migrate({ client: server.admin })).pending).toEqual([]);
  expect((await checkWarehouse(server.admin)).filter(({ severity }) => severity === 'error')).toEqual([]);
  await insert(server, 800, 10, 'three');
  await insert(server, 800, 10, 'three');
  expect(await totals(server)).toEqual(await totals(embedded));
});

it('a restore over a warehouse that holds events is refused, and changes nothing', async () => {
  const before = await totals(server);
  await expect(server.admin.command(RESTORE)).rejects.toThrow(
    /CANNOT_RESTORE_TABLE|already contains|not empty/i,
  );
  expect(await totals(server)).toEqual(before);
});
