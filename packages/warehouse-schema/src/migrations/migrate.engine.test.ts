import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { packageFile } from '../package-files.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { migrate, planMigrations } from './migrate.ts';
import { readMigrations } from './read-migrations.ts';

let engine: TestEngine;
let folder: string;
beforeAll(async () => {
  engine = await startTestEngine({ migrated: false });
});
afterAll(() => engine.close());
beforeEach(async () => {
  await engine.admin.command('DROP DATABASE IF EXISTS millrace SYNC');
  folder = mkdtempSync(join(tmpdir(), 'millrace-migrations-'));
  cpSync(packageFile('migrations'), folder, { recursive: true });
  return () => rmSync(folder, { recursive: true });
});

const versions = () =>
  engine.admin.query<{ version: number; n: number }>(
    'SELECT version, uniqExact(checksum) AS n FROM schema_migrations GROUP BY version ORDER BY version',
  );

const numbered = (version = 0) => String(version).padStart(4, '0');

it('applies every migration to an empty server, and none the second time', async () => {
  const first = await migrate({ client: engine.admin });
  expect(first.pending).toHaveLength(readMigrations().length);
  const second = await migrate({ client: engine.admin });
  expect(second.pending).toEqual([]);
  expect(second.applied).toHaveLength(first.pending.length);
});

it('says what it would do, and does not', async () => {
  await engine.admin.createDatabase();
  const plan = await planMigrations({ client: engine.admin });
  expect(plan.applied).toEqual([]);
  expect(plan.pending[0]?.statements[0]).toMatch(/^CREATE TABLE IF NOT EXISTS events\n/);
  expect(plan.pending[0]?.statements[0]).toContain('ENGINE = MergeTree');
  expect(await engine.admin.query("SELECT name FROM system.tables WHERE database = 'millrace'")).toEqual([]);
});

it('renders the replicated form', async () => {
  await engine.admin.createDatabase();
  const plan = await planMigrations({ client: engine.admin, replicated: true });
  expect(plan.pending[0]?.statements[0]).toContain('ENGINE = ReplicatedMergeTree');
});

it('may run in several processes at once', async () => {
  await Promise.all([1, 2, 3].map(() => migrate({ client: engine.admin })));
  expect(await versions()).toEqual(readMigrations().map(({ version }) => ({ version, n: 1 })));
  expect((await migrate({ client: engine.admin })).pending).toEqual([]);
});

it('goes on where it was cut off', async () => {
  const broken = join(folder, '0003_message_ids.sql');
  const whole = readFileSync(broken, 'utf8');
  writeFileSync(broken, `${whole}\nCREATE TABLE IF NOT EXISTS nothing (a Nonsense) ENGINE = Memory;\n`);
  await expect(migrate({ client: engine.admin, folder })).rejects.toThrow('Nonsense');
  expect((await versions()).map(({ version }) => version)).toEqual([1, 2]);
  writeFileSync(broken, whole);
  const rest = await migrate({ client: engine.admin, folder });
  expect(rest.pending.map(({ version }) => version)).toEqual(
    readMigrations()
      .slice(2)
      .map(({ version }) => version),
  );
});

it('refuses a migration that was edited after it was applied', async () => {
  await migrate({ client: engine.admin, folder });
  writeFileSync(join(folder, '0002_rejected_events.sql'), '-- nothing\n');
  await expect(migrate({ client: engine.admin, folder })).rejects.toMatchObject({ code: 'edited' });
});

it('refuses a migration that was renamed away', async () => {
  await migrate({ client: engine.admin, folder });
  const last = readMigrations().at(-1);
  const name = `${numbered(last?.version)}_${last?.name}.sql`;
  rmSync(join(folder, name));
  writeFileSync(
    join(folder, `${numbered(last?.version)}_other.sql`),
    'CREATE VIEW IF NOT EXISTS one AS SELECT 1;\n',
  );
  await expect(migrate({ client: engine.admin, folder })).rejects.toMatchObject({ code: 'missing' });
});

it('refuses a warehouse of a newer version', async () => {
  writeFileSync(
    join(folder, `${numbered(readMigrations().length + 1)}_later.sql`),
    'CREATE VIEW IF NOT EXISTS one AS SELECT 1;\n',
  );
  await migrate({ client: engine.admin, folder });
  await expect(migrate({ client: engine.admin })).rejects.toMatchObject({ code: 'newer' });
});
