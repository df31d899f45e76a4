import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type PostgresService, startPostgres } from '../../../../scripts/services/postgres.mjs';
import { createDefinitionsDirectory } from '../directory/definitions-directory.ts';
import { readSnapshotDefinitions } from '../history/snapshot-definitions.ts';
import { createKeyDirectory } from '../keys/key-directory.ts';
import { readSnapshotKeys } from '../keys/snapshot-keys.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import { followSnapshot, snapshotName } from './follow-snapshot.ts';

let folder: string;
let file: string;
let postgres: PostgresService;
let store: DefinitionsStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-follow-'));
  // One of its own, to be killed.
  postgres = await startPostgres();
  file = join(folder, 'definitions', snapshotName(postgres.url));
  store = createDefinitionsStore({ connectionString: postgres.url });
  await store.migrate();
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const copied = async () => (await readSnapshotKeys(file))?.keys.map((key) => key.writeKey);

it('has the keys and documents while PostgreSQL is dead, and follows it again afterwards', async () => {
  const lines: string[] = [];
  const connectionString = postgres.url;
  const following = followSnapshot({ connectionString, file, log: (line) => lines.push(line), retryMs: 50 });
  const { projectId } = await store.ensureProject('shop');
  const document = { format: 1, version: 0, flags: {}, experiments: {} };
  await store.saveDefinitions({ projectId, environment: 'production', document, author: 'ada' });
  const first = await store.createKey({ projectId });
  await vi.waitFor(async () => expect(await copied()).toEqual([first.writeKey]), { timeout: 10_000 });

  await postgres.kill('SIGKILL');
  const directory = createKeyDirectory({ store, loopback: true, readSnapshot: () => readSnapshotKeys(file) });
  await directory.ready;
  expect(directory.status().source).toBe('snapshot');
  expect(await directory.lookup(first.writeKey)).toMatchObject({ projectId });

  const definitions = createDefinitionsDirectory({
    store,
    readSnapshot: () => readSnapshotDefinitions(file),
  });
  await definitions.ready;
  expect(definitions.status().source).toBe('snapshot');
  expect(definitions.current(projectId, 'production')?.version).toBe(1);

  await postgres.restart();
  const second = await store.createKey({ projectId });
  await vi.waitFor(async () => expect(await copied()).toHaveLength(2), { timeout: 10_000 });
  expect(await directory.lookup(second.writeKey)).toMatchObject({ projectId });
  expect(directory.status().source).toBe('database');
  await vi.waitFor(() => expect(lines.join('\n')).toContain('the definitions are copied again'));
  await definitions.refresh();
  expect(definitions.status().source).toBe('database');
  expect(definitions.current(projectId, 'production')?.version).toBe(1);
  await definitions.close();
  await directory.close();
  await following.close();
});

it('names the copy by the database, whatever its password', () => {
  const name = snapshotName('postgres://a:secret@db.internal/millrace');
  expect(snapshotName('postgres://b:other@db.internal:5432/millrace')).toBe(name);
  expect(snapshotName('postgres://a:secret@db.internal/other')).not.toBe(name);
});
