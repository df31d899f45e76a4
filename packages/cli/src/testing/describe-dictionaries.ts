import { setTimeout as delay } from 'node:timers/promises';
import type { Definitions, Experiment } from '@millrace/core/evaluation';
import { createDefinitionsStore } from '@millrace/definitions';
import { createDictionaries } from '@millrace/warehouse-schema';
import { startTestEngine, type TestEngine } from '@millrace/warehouse-schema/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { followDictionaries } from '../processes/follow-dictionaries.ts';

/** For tests: a PostgreSQL for the definitions. */
interface DictionarySource {
  connectionString: string;
  /** Ends it as a crash would; its data may go. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const BUCKET = `toUInt16(bitShiftRight(toUInt64(murmurHash3_32(concat(
  dictGet('phases', 'variant_salt', (toUInt32(1), 'price', toUInt32(1))), ':', unit))) * 10000, 32))`;
const VARIANT = `dictGet('variants', 'variant', (toUInt32(1), 'price', toUInt32(1)), ${BUCKET})`;

const PRICE: Experiment = {
  unitType: 'userId',
  bucketingVersion: 1,
  enabled: true,
  phases: [
    {
      number: 1,
      startsAt: '2026-03-29T01:30:00.123+02:00',
      trafficSalt: 'traffic',
      variantSalt: 'größe 😀',
      traffic: { start: 0, end: 100, ramp: [{ at: '2026-04-01', end: 2500 }] },
      variants: [
        { start: 0, end: 5000, variant: 'control' },
        { start: 5000, end: 9000, variant: 'dearer' },
        { start: 9000, end: 9500, variant: 'control' },
      ],
    },
  ],
};
const IDLE: Experiment = {
  ...PRICE,
  enabled: false,
  phases: PRICE.phases.map((phase) => ({ ...phase, number: 7 })),
};
const DOCUMENT: Definitions = {
  format: 1,
  version: 0,
  flags: {},
  experiments: { price: PRICE, idle: IDLE },
};

/** For tests: what the dictionaries promise over any PostgreSQL, in a real ClickHouse. */
export function describeDictionaries(name: string, open: () => Promise<DictionarySource>): void {
  describe(`dictionaries over ${name}`, () => {
    let engine: TestEngine;
    let source: DictionarySource;
    let client: pg.Client;

    beforeAll(async () => {
      [engine, source] = await Promise.all([startTestEngine(), open()]);
      const store = createDefinitionsStore(source);
      await store.migrate();
      const { projectId } = await store.ensureProject("o'neill", { retentionDays: 30 });
      const save = (environment: string, document: Definitions) =>
        store.saveDefinitions({ projectId, environment, document, author: 'Ada' });
      await save('production', DOCUMENT);
      await save('staging', { ...DOCUMENT, experiments: { elsewhere: IDLE } });
      await store.close();
      client = new pg.Client(source);
      client.on('error', () => {});
      await client.connect();
      await client.query(`
        INSERT INTO members (project_id, email, role, created_at)
          VALUES (1, 'Ada@Example.org', 'owner', '2026-03-29 01:30:00.123+02'), (1, 'bob@example.org', 'viewer', now())`);
      await createDictionaries(engine.admin, source.connectionString);
    });

    afterAll(async () => {
      await client.end().catch(() => {});
      await engine.close();
      await source.close();
    });

    const ask = <Row>(sql: string) => engine.reader.query<Row>(sql);
    const variantAt = async (bucket: number) =>
      (
        await ask<{ v: string }>(
          `SELECT dictGet('variants', 'variant', (toUInt32(1), 'price', toUInt32(1)), toUInt16(${bucket})) AS v`,
        )
      )[0]?.v;

    it('hold projects, experiments and phases, for the reader too', async () => {
      expect(await ask('SELECT * FROM projects')).toEqual([
        { project_id: 1, name: "o'neill", retention_days: 30 },
      ]);
      expect(await ask('SELECT * FROM experiments ORDER BY experiment')).toMatchObject([
        { experiment: 'idle', enabled: 0, archived_at_ms: 0 },
        { experiment: 'price', enabled: 1, archived_at_ms: 0 },
      ]);
      expect(await ask('SELECT * FROM phases ORDER BY experiment')).toMatchObject([
        { experiment: 'idle', phase: 7, started_at_ms: 0 },
        {
          project_id: 1,
          experiment: 'price',
          phase: 1,
          unit_type: 'userId',
          bucketing_version: 1,
          traffic_salt: 'traffic',
          variant_salt: 'größe 😀',
          traffic_start: 0,
          traffic_end: 2500,
          started_at_ms: Date.UTC(2026, 2, 28, 23, 30, 0, 123),
          ended_at_ms: 0,
        },
      ]);
    });

    it('hold the members of a project as users', async () => {
      expect(await ask("SELECT * FROM users WHERE role = 'owner'")).toEqual([
        {
          project_id: 1,
          email: 'ada@example.org',
          user_id: 1,
          role: 'owner',
          added_at_ms: Date.UTC(2026, 2, 28, 23, 30, 0, 123),
        },
      ]);
      const role =
        "dictGetOrDefault('users', 'role', (toUInt32(1), arrayJoin(['bob@example.org', 'eve@example.org'])), '')";
      expect(await ask(`SELECT ${role} AS role`)).toEqual([{ role: 'viewer' }, { role: '' }]);
    });

    it('find the variant of a bucket at both ends of every range, and none where none is', async () => {
      const found = await Promise.all([0, 4999, 5000, 8999, 9000, 9499, 9500].map(variantAt));
      expect(found).toEqual(['control', 'control', 'dearer', 'dearer', 'control', 'control', '']);
    });

    it('assign units in one SQL query, in the proportions that are defined', async () => {
      const rows = await ask<{ variant: string; units: number }>(
        `SELECT ${VARIANT} AS variant, count() AS units FROM (SELECT toString(number) AS unit FROM numbers(20000))
         GROUP BY variant ORDER BY variant`,
      );
      expect(rows.map(({ variant }) => variant)).toEqual(['', 'control', 'dearer']);
      for (const [at, share] of [0.05, 0.55, 0.4].entries()) {
        expect(Math.abs((rows[at]?.units ?? 0) / 20_000 - share)).toBeLessThan(0.02);
      }
    });

    it('show no password to a reader', async () => {
      const password = decodeURIComponent(new URL(source.connectionString).password) || 'no password';
      const texts = await Promise.all([
        ask('SELECT create_table_query FROM system.tables WHERE database = currentDatabase()').catch(
          () => [],
        ),
        ask('SELECT source FROM system.dictionaries').catch(() => []),
        ask('SHOW CREATE DICTIONARY projects').catch(() => []),
      ]);
      expect(JSON.stringify(texts)).not.toContain(password);
    });

    it('follow a change within seconds, and keep what they have while the database is gone', async () => {
      const store = createDefinitionsStore(source);
      const following = followDictionaries({ store, client: engine.admin, intervalMs: 100, log: () => {} });
      await client.query(`UPDATE projects SET name = 'renamed'`);
      const name = async () => (await ask<{ name: string }>('SELECT name FROM projects'))[0]?.name;
      await vi.waitFor(async () => expect(await name()).toBe('renamed'), { timeout: 15_000, interval: 200 });
      await source.kill();
      const asked = Date.now();
      while (Date.now() - asked < 6_000) {
        expect(await name()).toBe('renamed');
        expect(await variantAt(5000)).toBe('dearer');
        await delay(500);
      }
      await following.close();
      await store.close();
    });
  });
}
