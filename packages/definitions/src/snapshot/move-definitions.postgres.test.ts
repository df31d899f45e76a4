import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildTemplate } from '../../scripts/build-template.mjs';
import { type EmbeddedDefinitions, openEmbeddedDefinitions } from '../embedded/open-embedded-definitions.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import { createDatabase } from '../testing/create-database.ts';
import type { TestDatabase } from '../testing/describe-store.ts';
import { moveDefinitions } from './move-definitions.ts';

let dataDir: string;
let embedded: EmbeddedDefinitions;
let source: DefinitionsStore;
let target: TestDatabase;

beforeAll(async () => {
  await buildTemplate();
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-move-'));
  embedded = await openEmbeddedDefinitions({ dataDir, port: 0 });
  source = createDefinitionsStore(embedded);
  // Text that a server's collation sorts otherwise than PGlite's.
  for (const name of ['shop', 'Shop', 'Läden', 'o\'neill \\ "quoted"']) {
    const { projectId } = await source.ensureProject(name, { retentionDays: 30 });
    const { writeKey } = await source.createKey({ projectId, name: `key of ${name}` });
    if (name === 'Shop') await source.revokeKey(writeKey);
  }
  const client = new pg.Client(embedded);
  await client.connect();
  await client.query(`
    INSERT INTO members (project_id, email, role) VALUES (1, 'ada@example.org', 'owner');
    INSERT INTO experiments (project_id, key) VALUES (1, 'price');
    INSERT INTO phases (experiment_id, number, traffic_salt, variant_salt, started_at)
      VALUES (1, 1, 'a', 'b', '2026-03-29 01:30:00.123456+02');
    INSERT INTO variants (phase_id, key, range_start, range_end) VALUES (1, 'control', 0, 5000), (1, 'b', 5000, 10000)`);
  await client.end();
  const document = { format: 1, version: 0, flags: {}, experiments: {} };
  await source.cohorts.save({
    projectId: 1,
    name: 'buyers',
    definition: { did: { event: 'Käufe 😀' } },
    author: 'Ada',
  });
  await source.suppressions.add([{ projectId: 1, salt: 's', hash: '0'.repeat(32), until: 5 }]);
  const rule = { condition: { kind: 'freshness', minutes: 5 } };
  await source.alerts.putAlert({ projectId: 1, alert: 'quiet', rule, webhookUrl: 'https://a.example/' });
  for (const note of ['first', 'second']) {
    await source.saveDefinitions({
      projectId: 1,
      environment: 'production',
      document: { ...document, layers: { page: { salt: `😀 ${note}` } } },
      author: 'Ada',
      note,
    });
  }
});

afterAll(async () => {
  await source.close();
  await embedded.close();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  target = await createDatabase();
});

afterEach(() => target.close());

const move = () => moveDefinitions({ from: embedded.connectionString, to: target.connectionString });
const ROWS = {
  projects: 4,
  write_keys: 4,
  members: 1,
  definitions_documents: 2,
  experiments: 1,
  phases: 1,
  variants: 2,
  cohorts: 1,
  suppressed_ids: 1,
  alert_rules: 1,
};

it('moves everything, and a second move finds it there', async () => {
  expect(await move()).toEqual({ rows: ROWS, wasThere: false });
  expect(await move()).toEqual({ rows: ROWS, wasThere: true });
  const store = createDefinitionsStore(target);
  expect(await store.listProjects()).toEqual(await source.listProjects());
  const byKey = (one: { writeKey: string }, other: { writeKey: string }) =>
    one.writeKey < other.writeKey ? -1 : 1;
  expect((await store.listKeys()).sort(byKey)).toEqual((await source.listKeys()).sort(byKey));
  expect((await store.ensureProject('next')).projectId).toBe(5);
  expect(await store.version()).toBeGreaterThan(await source.version());
  await store.close();
});

it('refuses a target with other definitions, and leaves it as it is', async () => {
  const store = createDefinitionsStore(target);
  await store.migrate();
  await store.ensureProject('theirs');
  await expect(move()).rejects.toMatchObject({
    code: 'not_empty',
    message: expect.stringContaining('1 projects'),
  });
  expect((await store.listProjects()).map(({ name }) => name)).toEqual(['theirs']);
  await store.close();
});

it('has changed nothing when it is cut off, and can be repeated', async () => {
  const admin = new pg.Client(target);
  await admin.connect();
  const store = createDefinitionsStore(target);
  await store.migrate();
  await admin.query(`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`);
  await admin.query('CREATE TRIGGER cut AFTER INSERT ON variants EXECUTE FUNCTION cut()');
  await expect(move()).rejects.toThrow();
  expect(await store.listProjects()).toEqual([]);
  await admin.query('DROP TRIGGER cut ON variants');
  expect(await move()).toEqual({ rows: ROWS, wasThere: false });
  await store.close();
  await admin.end();
});
