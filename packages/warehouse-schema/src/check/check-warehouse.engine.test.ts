import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWarehouseClient } from '../client.ts';
import { READER_USER } from '../embedded/write-config.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { checkInsertSettings } from './check-insert-settings.ts';
import { checkWarehouse } from './check-warehouse.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ migrated: false });
});
afterAll(() => engine.close());

const codes = async () => (await checkWarehouse(engine.admin)).map(({ code }) => code);

it('says that migrations are to be applied', async () => {
  expect(await codes()).toContain('migrations_pending');
});

it('finds nothing in a fresh warehouse, and leaves nothing behind', async () => {
  const { migrate } = await import('../migrations/migrate.ts');
  await migrate({ client: engine.admin });
  const expected = process.platform === 'linux' ? [] : ['files_readable'];
  expect(await codes()).toEqual(expected);
  expect(
    await engine.admin.query("SELECT name FROM system.databases WHERE name LIKE 'millrace\\_%'"),
  ).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'says in the log of ClickHouse why it tries to read a file',
  async () => {
    const log = () => readFile(join(engine.dataDir, 'clickhouse.log'), 'utf8');
    const before = (await log()).length;
    await checkWarehouse(engine.admin);
    const lines = async () => (await log()).slice(before);
    await expect.poll(lines).toContain('executeQuery: Code: 76');
    expect(await lines()).toContain(
      'millrace doctor looks whether ClickHouse can read files outside its folder',
    );
    expect(await lines()).not.toContain('passwd');
  },
);

it.each([
  ['events', 'non_replicated_deduplication_window', '0'],
  ['events_15m', 'fsync_after_insert', '0'],
  ['message_ids', 'fsync_part_directory', '0'],
  ['rejected_events', 'non_replicated_deduplication_window', '100'],
])('finds %s without its %s', async (table, setting, value) => {
  const was = setting.startsWith('fsync') ? '1' : '10000';
  await engine.admin.command(`ALTER TABLE ${table} MODIFY SETTING ${setting} = ${value}`);
  const findings = await checkWarehouse(engine.admin);
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['table_setting', 'table_differs']),
  );
  const finding = findings.find(({ code }) => code === 'table_setting');
  expect(finding?.message).toContain(`${table} has ${setting} = ${value}`);
  expect(finding?.fix).toBe(`ALTER TABLE millrace.${table} MODIFY SETTING ${setting} = ${was}`);
  await engine.admin.command(finding?.fix ?? '');
  expect((await codes()).filter((code) => code === 'table_setting')).toEqual([]);
});

it('finds a changed column and a missing view', async () => {
  await engine.admin.command('ALTER TABLE rejected_events ADD COLUMN extra UInt8');
  await engine.admin.command('DROP VIEW event_counts');
  const findings = await checkWarehouse(engine.admin);
  expect(findings.map(({ code, message }) => `${code}: ${message.split(' ')[0]}`)).toEqual(
    expect.arrayContaining(['table_differs: rejected_events', 'table_missing: event_counts']),
  );
});

it('says which rights are missing', async () => {
  const reader = createWarehouseClient({
    url: engine.url,
    username: READER_USER,
    password: engine.readerPassword,
  });
  const findings = await checkWarehouse(reader);
  await reader.close();
  expect(findings.find(({ code }) => code === 'right_missing')?.message).toContain('INSERT');
});

it('finds a profile that holds the settings of an insert fast', async () => {
  const fixed = createWarehouseClient({
    url: engine.url,
    username: READER_USER,
    password: engine.readerPassword,
    database: 'system',
  });
  // What a constraint of a profile does: the reader's refuses to loosen its limits.
  const refused: typeof fixed = {
    ...fixed,
    query: (sql, options) =>
      fixed.query(sql, { ...options, settings: { ...options?.settings, allow_ddl: 1 } }),
  };
  const overridden: typeof fixed = {
    ...engine.admin,
    query: (sql, options) =>
      engine.admin.query(sql, { ...options, settings: { ...options?.settings, async_insert: 1 } }),
  };
  expect((await checkInsertSettings(refused)).map(({ code }) => code)).toEqual(['insert_setting']);
  expect((await checkInsertSettings(overridden)).map(({ message }) => message)).toEqual([
    'Inserts ask for async_insert = 0, but run with 1: events may be counted twice.',
  ]);
  expect(await checkInsertSettings(engine.admin)).toEqual([]);
  await fixed.close();
});

it('says that nobody answers', async () => {
  const away = createWarehouseClient({ url: 'http://127.0.0.1:1', username: 'a', password: 'b' });
  const findings = await checkWarehouse(away);
  await away.close();
  expect(findings).toHaveLength(1);
  expect(findings[0]?.code).toBe('warehouse_unreachable');
});
