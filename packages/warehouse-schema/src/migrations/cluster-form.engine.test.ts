import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WarehouseClient } from '../client.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { planMigrations } from './migrate.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine({ migrated: false });
});
afterAll(() => engine.close());

const statements = async (client: WarehouseClient, replicated?: boolean, cluster?: string) => {
  const { pending } = await planMigrations({
    client,
    cluster,
    ...(replicated === undefined ? {} : { replicated }),
  });
  return pending.flatMap((migration) => migration.statements);
};

/** ClickHouse, but for what it says of the engine of the database: one without Keeper cannot make the other. */
const inReplicatedDatabase = (client: WarehouseClient): WarehouseClient => ({
  ...client,
  query: async <Row>(sql: string, options: Parameters<WarehouseClient['query']>[1]) =>
    sql.includes('system.databases')
      ? ([{ engine: 'Replicated' }] as Row[])
      : client.query<Row>(sql, options),
});

it('is taken where the database is replicated, and only there', async () => {
  const plain = await statements(engine.admin);
  const replicated = await statements(inReplicatedDatabase(engine.admin));
  expect(plain.join('\n')).not.toContain('ENGINE = Replicated');
  const engines = (list: string[]) => list.join('\n').match(/ENGINE = \w*MergeTree/g) ?? [];
  expect(engines(replicated)).toEqual(engines(plain).map((name) => name.replace('= ', '= Replicated')));
  expect(replicated.join('\n')).not.toMatch(/\{replicated\}/);
});

it('is parsed by the engine, each statement', async () => {
  for (const statement of await statements(engine.admin, true)) {
    expect(await engine.admin.text(`EXPLAIN AST ${statement}`)).toMatch(/^(Create|Alter)/);
  }
});

it('over shards, each table is a replicated one of the shard and one over all of them', async () => {
  const sharded = await statements(engine.admin, true, 'shards');
  const names = (pattern: RegExp) => sharded.flatMap((one) => pattern.exec(one)?.[1] ?? []);
  const local = names(/^CREATE TABLE IF NOT EXISTS (\w+)_local\s.*ENGINE = Replicated/s);
  expect(names(/^CREATE TABLE IF NOT EXISTS (\w+) AS \w+_local\s+ENGINE = Distributed\('shards'/)).toEqual(
    local,
  );
  expect(local).toContain('events');
  for (const view of sharded.filter((one) => one.startsWith('CREATE MATERIALIZED VIEW'))) {
    expect(view).toMatch(/ TO \w+_local /);
    expect(view).toMatch(/FROM events_local/);
  }
  for (const one of sharded) expect(await engine.admin.text(`EXPLAIN AST ${one}`)).toMatch(/^(Create|Alter)/);
});

it('is accepted up to Keeper: columns, codecs, keys, TTL and settings are checked before it is asked', async () => {
  const tables = (await statements(engine.admin, true)).filter((statement) =>
    /ENGINE = Replicated/.test(statement),
  );
  expect(tables.length).toBeGreaterThan(3);
  for (const statement of tables) {
    const withPath = statement.replace(/(ENGINE = Replicated\w+)/, `$1('/millrace/{table}', 'r1')`);
    await expect(engine.admin.command(withPath), statement).rejects.toMatchObject({ type: 'NO_ZOOKEEPER' });
    const spoilt = withPath.replace(/ORDER BY \(?\w+/, (text) => `${text}_none`);
    await expect(engine.admin.command(spoilt)).rejects.toThrow(/_none/);
  }
});
