import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyDirectory } from '../keys/key-directory.ts';
import { EMBEDDED_MIGRATIONS } from '../migrations/embedded-migrations.ts';
import { migrateDefinitions, planDefinitions } from '../migrations/migrate.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';

/** For tests: an empty PostgreSQL, and what removes it. */
export interface TestDatabase {
  connectionString: string;
  close(): Promise<void>;
}

/** For tests: what the store promises over any PostgreSQL; `open` gives an empty one. */
export function describeStore(name: string, open: () => Promise<TestDatabase>): void {
  describe(`definitions store over ${name}`, () => {
    let database: TestDatabase;
    let store: DefinitionsStore;
    let client: pg.Client;

    beforeEach(async () => {
      database = await open();
      store = createDefinitionsStore(database);
      await store.migrate();
      client = new pg.Client(database);
      await client.connect();
    });

    afterEach(async () => {
      await client.end();
      await store.close();
      await database.close();
    });

    it('makes projects and keys once, and keeps a revoked key revoked', async () => {
      const project = await store.ensureProject('shop', { retentionDays: 30 });
      expect(await store.ensureProject('shop')).toEqual(project);
      expect(project).toMatchObject({ name: 'shop', retentionDays: 30 });

      const demo = { projectId: project.projectId, writeKey: 'wk_demo', loopbackOnly: true };
      expect((await store.ensureKey(demo)).revokedAt).toBeNull();
      expect((await store.revokeKey('wk_demo')).revokedAt).toBeInstanceOf(Date);
      expect((await store.ensureKey(demo)).revokedAt).toBeInstanceOf(Date);
      expect((await store.activeKeys()).keys).toEqual([]);
      await expect(store.revokeKey('wk_none')).rejects.toMatchObject({ code: 'unknown_key' });
    });

    it('changes how long a project keeps its events, for every key of it', async () => {
      const { projectId } = await store.ensureProject('shop', { retentionDays: 30 });
      await store.createKey({ projectId });
      const before = await store.version();
      expect(await store.setRetention('shop', 90)).toEqual({ projectId, name: 'shop', retentionDays: 90 });
      expect(await store.version()).toBeGreaterThan(before);
      expect((await store.activeKeys()).keys).toMatchObject([{ projectId, retentionDays: 90 }]);
      await expect(store.setRetention('none', 90)).rejects.toMatchObject({ code: 'unknown_project' });
      for (const days of [0, -1, 1.5, 36_501, Number.NaN]) {
        await expect(store.setRetention('shop', days)).rejects.toMatchObject({ code: 'invalid_field' });
      }
    });

    it('refuses migrations that were edited after they were applied, and a database of a newer version', async () => {
      const first = { name: '9001_first', sql: 'CREATE TABLE first_of_test (n int)' };
      const broken = { name: '9002_broken', sql: 'CREATE TABLE second_of_test (n int); SELECT 1 / 0' };
      const all = [...EMBEDDED_MIGRATIONS, first];
      expect(await planDefinitions(client, all)).toEqual(['9001_first']);
      await expect(migrateDefinitions(client, [...all, broken])).rejects.toThrow('division by zero');
      expect(await planDefinitions(client, all)).toEqual(['9001_first']);
      expect(await migrateDefinitions(client, all)).toEqual(['9001_first']);
      expect(await migrateDefinitions(client, all)).toEqual([]);

      const edited = [...EMBEDDED_MIGRATIONS, { ...first, sql: `${first.sql};` }];
      await expect(migrateDefinitions(client, edited)).rejects.toMatchObject({ code: 'migration_edited' });
      await expect(migrateDefinitions(client)).rejects.toMatchObject({ code: 'migration_missing' });
    });

    it('refuses variants of one phase that overlap', async () => {
      const { projectId } = await store.ensureProject('shop');
      const insert = (text: string, value: unknown) => client.query<{ id: number }>(text, [value]);
      const experiment = await insert(
        `INSERT INTO experiments (project_id, key) VALUES ($1, 'price') RETURNING experiment_id AS id`,
        projectId,
      );
      const phase = await insert(
        `INSERT INTO phases (experiment_id, number, traffic_salt, variant_salt) VALUES ($1, 1, 'a', 'b')
         RETURNING phase_id AS id`,
        experiment.rows[0]?.id,
      );
      const variants = (second: string) =>
        insert(
          `INSERT INTO variants (phase_id, key, range_start, range_end)
           VALUES ($1, 'control', 0, 5000), ($1, 'treatment', ${second})`,
          phase.rows[0]?.id,
        );
      await expect(variants('4999, 10000')).rejects.toThrow('overlap');
      await variants('5000, 10000');
    });

    it('gives every key its version: what is committed later has a greater one', async () => {
      const { projectId } = await store.ensureProject('shop');
      const before = await store.version();
      await Promise.all(Array.from({ length: 20 }, () => store.createKey({ projectId })));
      const { version, keys } = await store.activeKeys();
      expect(keys).toHaveLength(20);
      expect(version).toBe(before + 20);
    });

    it('takes a new key at once and refuses a revoked one within a second', async () => {
      const { projectId } = await store.ensureProject('shop', { retentionDays: 30 });
      const directory = createKeyDirectory({ store, loopback: true });
      await directory.ready;
      const { writeKey } = await store.createKey({ projectId });
      expect(await directory.lookup(writeKey)).toEqual({ projectId, retentionDays: 30, kind: 'client' });

      await store.revokeKey(writeKey);
      const revokedAt = Date.now();
      while (await directory.lookup(writeKey)) await delay(10);
      expect(Date.now() - revokedAt).toBeLessThan(1_000);
      await directory.close();
    });
  });
}
