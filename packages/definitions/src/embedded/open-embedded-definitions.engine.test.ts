import { once } from 'node:events';
import { cp, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildTemplate } from '../../scripts/build-template.mjs';
import { readSnapshotDefinitions } from '../history/snapshot-definitions.ts';
import { readSnapshotKeys } from '../keys/snapshot-keys.ts';
import { createDefinitionsStore, type DefinitionsStore } from '../store/definitions-store.ts';
import { describeCohorts } from '../testing/describe-cohorts.ts';
import { describeHistory } from '../testing/describe-history.ts';
import { describeStore } from '../testing/describe-store.ts';
import { describeSuppressions } from '../testing/describe-suppressions.ts';
import { buildDefinitionsChild, startDefinitionsChild } from '../testing/start-definitions-child.ts';
import { type EmbeddedDefinitions, openEmbeddedDefinitions } from './open-embedded-definitions.ts';

let dataDir: string;
let opened: EmbeddedDefinitions | undefined;
let store: DefinitionsStore;

beforeAll(async () => {
  await buildTemplate();
  await buildDefinitionsChild();
});

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-definitions-'));
});

afterEach(async () => {
  await close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedDefinitions> {
  opened = await openEmbeddedDefinitions({ dataDir, port: 0 });
  store = createDefinitionsStore(opened);
  return opened;
}

async function close(): Promise<void> {
  if (!opened) return;
  await store.close();
  await opened.close();
  opened = undefined;
}

const DOCUMENT = {
  format: 1,
  version: 0,
  flags: {},
  experiments: {},
  layers: { page: { salt: 'größe 😀' } },
};

/** A document, and a project with one good and one revoked key, in a folder that is closed. */
async function seed() {
  await start();
  const { projectId } = await store.ensureProject('shop', { retentionDays: 30 });
  const good = await store.createKey({ projectId, name: 'web' });
  const revoked = await store.createKey({ projectId, name: 'old' });
  await store.revokeKey(revoked.writeKey);
  await store.saveDefinitions({ projectId, environment: 'production', document: DOCUMENT, author: 'Ada' });
  await close();
  return { projectId, good: good.writeKey, revoked: revoked.writeKey };
}

const openEmpty = async () => ({ connectionString: (await start()).connectionString, close });
describeStore('PGlite', openEmpty);
describeHistory('PGlite', openEmpty);
describeCohorts('PGlite', openEmpty);
describeSuppressions('PGlite', openEmpty);

describe('embedded definitions', () => {
  it('serves many clients at once, each with its own answers and transactions', async () => {
    const { connectionString } = await start();
    const pools = [1, 2, 3].map(() => new pg.Pool({ connectionString, max: 3 }));
    const answers = await Promise.all(
      Array.from({ length: 900 }, async (_, i) => {
        const query = i % 2 ? 'SELECT $1::int AS n' : 'SELECT $1::text AS n, 1 AS other';
        const { rows } = await pools[i % 3]!.query<{ n: unknown }>(query, [i % 2 ? i : `text ${i}`]);
        return rows[0]?.n;
      }),
    );
    expect(answers).toEqual(answers.map((_, i) => (i % 2 ? i : `text ${i}`)));

    const [aborted, other] = [await pools[0]!.connect(), await pools[1]!.connect()];
    aborted.on('error', () => {});
    await aborted.query('BEGIN');
    await aborted.query(`INSERT INTO projects (name) VALUES ('half done')`);
    aborted.release(true);
    const { rows } = await other.query('SELECT name FROM projects');
    other.release();
    expect(rows).toEqual([]);
    await Promise.all(pools.map((pool) => pool.end()));
  });

  it('goes on when a client is gone in the middle of a query', async () => {
    const { port } = await start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const message = (type: string, body: string) => {
      const head = Buffer.alloc(type.length + 4);
      head.write(type);
      head.writeInt32BE(body.length + 4, type.length);
      return Buffer.concat([head, Buffer.from(body)]);
    };
    socket.write(message('', '\0\x03\0\0user\0postgres\0\0'));
    await once(socket, 'data');
    socket.write(message('P', '\0SELECT 1\0\0\0'));
    await once(socket, 'data');
    const waiting = store.listProjects();
    socket.destroy();
    expect(await waiting).toEqual([]);
    expect((await store.ensureProject('shop')).name).toBe('shop');
  });

  it('lets one process in at a time', async () => {
    await start();
    await expect(openEmbeddedDefinitions({ dataDir, port: 0 })).rejects.toMatchObject({
      code: 'folder_locked',
      pid: process.pid,
    });
  });

  it('takes the next free port where its own is taken', async () => {
    const first = await start();
    const elsewhere = await mkdtemp(join(tmpdir(), 'millrace-definitions-'));
    const second = await openEmbeddedDefinitions({ dataDir: elsewhere, port: first.port });
    expect(second.port).toBeGreaterThan(first.port);
    await second.close();
    await rm(elsewhere, { recursive: true });
  });

  it('has every acknowledged change after kill -9 at random moments', async () => {
    const seedNumber = Math.floor(Math.random() * 1e6);
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const child = await startDefinitionsChild(dataDir);
      const writer = createDefinitionsStore(child);
      const { projectId } = await writer.ensureProject('shop');
      const write = async () => {
        for (;;) acknowledged.push((await writer.createKey({ projectId })).writeKey);
      };
      const writing = Promise.allSettled([write(), write()]);
      await delay(200 + ((seedNumber * (round + 1)) % 300));
      await child.kill();
      await writing;
      await writer.close().catch(() => {});
    }
    await start();
    const kept = new Set((await store.listKeys()).map((key) => key.writeKey));
    expect(acknowledged.length, `seed ${seedNumber}`).toBeGreaterThan(0);
    expect(
      acknowledged.filter((key) => !kept.has(key)),
      `seed ${seedNumber}`,
    ).toEqual([]);
  });

  it('restores the snapshot where the folder is gone', async () => {
    const keys = await seed();
    await rm(join(dataDir, 'pg'), { recursive: true });
    expect((await start()).repaired).toContain('the database was missing');
    await expectSeeded(keys);
    expect((await store.ensureProject('next')).projectId).toBeGreaterThan(keys.projectId);
  });

  it.each([
    ['pg_control is empty', async () => writeFile(join(dataDir, 'pg/global/pg_control'), '')],
    ['the log is zeros', async () => zeroFiles(join(dataDir, 'pg/pg_wal'), 0)],
    ['tables are zeros', async () => zeroFiles(join(dataDir, 'pg/base/5'), 0)],
    ['pages are torn', async () => zeroFiles(join(dataDir, 'pg/base/5'), 4096)],
    ['files are cut', async () => rm(join(dataDir, 'pg/global'), { recursive: true })],
  ])('sets a damaged folder aside and restores the snapshot: %s', async (_, damage) => {
    const keys = await seed();
    await damage();
    expect((await start()).repaired).toContain('the database was damaged');
    await expectSeeded(keys);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('pg.damaged-'))).toHaveLength(1);
  });

  it('restores the snapshot where the database has lost its last changes', async () => {
    await start();
    const { projectId } = await store.ensureProject('shop');
    const { writeKey } = await store.createKey({ projectId });
    await close();
    await cp(join(dataDir, 'pg'), join(dataDir, 'older'), { recursive: true });
    await start();
    await store.revokeKey(writeKey);
    await close();
    await rm(join(dataDir, 'pg'), { recursive: true });
    await cp(join(dataDir, 'older'), join(dataDir, 'pg'), { recursive: true });

    expect((await start()).repaired).toContain('lost changes');
    expect((await store.activeKeys()).keys).toEqual([]);
  });

  it('restores the snapshot where a table reads as empty without an error', async () => {
    await start();
    const client = new pg.Client(opened);
    await client.connect();
    const { rows } = await client.query<{ path: string }>(
      `SELECT pg_relation_filepath('write_keys') AS path`,
    );
    await client.end();
    await close();
    const keys = await seed();
    await writeFile(join(dataDir, 'pg', rows[0]!.path), '');
    expect((await start()).repaired).toContain('lost changes');
    await expectSeeded(keys);
  });

  it('goes on with the database where the snapshot is damaged', async () => {
    const keys = await seed();
    await writeFile(join(dataDir, 'snapshot.json'), '{"format":1,"ver');
    expect((await start()).repaired).toBeUndefined();
    await expectSeeded(keys);
    expect(await readFile(join(dataDir, 'snapshot.json.damaged'), 'utf8')).toBe('{"format":1,"ver');
    expect((await readSnapshotKeys(join(dataDir, 'snapshot.json')))?.keys).toHaveLength(1);
  });

  it('keeps the snapshot for its owner alone', async () => {
    await seed();
    expect((await stat(join(dataDir, 'snapshot.json'))).mode & 0o777).toBe(0o600);
  });
});

async function expectSeeded(keys: Awaited<ReturnType<typeof seed>>): Promise<void> {
  expect((await store.activeKeys()).keys).toEqual([
    {
      writeKey: keys.good,
      kind: 'client',
      projectId: keys.projectId,
      retentionDays: 30,
      loopbackOnly: false,
    },
  ]);
  const revoked = (await store.listKeys()).find((key) => key.writeKey === keys.revoked);
  expect(revoked?.revokedAt).toBeInstanceOf(Date);
  const { documents } = await store.currentDefinitions();
  expect(documents).toEqual([
    {
      projectId: keys.projectId,
      environment: 'production',
      version: 1,
      document: { ...DOCUMENT, version: 1, environment: 'production' },
    },
  ]);
  expect((await readSnapshotDefinitions(join(dataDir, 'snapshot.json')))?.documents).toEqual(documents);
}

/** Overwrites every file of a folder with zeros from a byte on, as a disk that never got the data. */
async function zeroFiles(folder: string, from: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const handle = await open(join(folder, entry.name), 'r+');
    const { size } = await handle.stat();
    if (size > from) await handle.write(Buffer.alloc(size - from), 0, size - from, from);
    await handle.close();
  }
}
