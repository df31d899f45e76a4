import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readMigrations } from '../migrations/read-migrations.ts';
import { packageFile } from '../package-files.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { planSchema } from './plan-schema.ts';

const ROWS = 500;
let engine: TestEngine;
let folder: string;
beforeAll(async () => {
  engine = await startTestEngine();
  folder = mkdtempSync(join(tmpdir(), 'millrace-migrations-'));
  cpSync(packageFile('migrations'), folder, { recursive: true });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await engine?.close();
});

it('says of each statement what it would do, with the rows and bytes it touches, and does nothing', async () => {
  const rows = Array.from({ length: ROWS }, (_, n) => makeEventRow(n));
  await engine.admin.insertRows('events', encodeRows(rows), { token: 'a' });
  writeFileSync(
    join(folder, `${String(readMigrations().length + 1).padStart(4, '0')}_later.sql`),
    `ALTER TABLE events ADD COLUMN IF NOT EXISTS later UInt8;
ALTER TABLE events MODIFY COLUMN message_id LowCardinality(String);
ALTER TABLE events MODIFY TTL timestamp + toIntervalDay(1);\n`,
  );
  const state = () =>
    engine.admin.query(
      "SELECT name, create_table_query, total_rows FROM system.tables WHERE database = 'millrace' ORDER BY name",
    );
  const before = await state();
  const { pending } = await planSchema({ client: engine.admin, folder });
  expect(await state()).toEqual(before);
  const [migration, ...others] = pending;
  expect(others).toEqual([]);
  expect(migration?.statements.map(({ risk, rows }) => [risk, rows])).toEqual([
    ['safe', 0],
    ['slow', ROWS],
    ['unsafe', ROWS],
  ]);
  const [none, column, whole] = migration?.statements.map(({ bytes }) => bytes) ?? [];
  expect(none).toBe(0);
  expect(column).toBeGreaterThan(0);
  expect(whole).toBeGreaterThanOrEqual(column ?? 0);
});
