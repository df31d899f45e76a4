import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { lockFolder } from '../lock/folder-lock.ts';
import { migrateDefinitions } from '../migrations/migrate.ts';
import { restoreSnapshot, type Snapshot, takeSnapshot } from '../snapshot/snapshot.ts';
import { readSnapshotFile } from '../snapshot/snapshot-file.ts';
import { type SnapshotWriter, startSnapshotWriter } from '../snapshot/snapshot-writer.ts';
import { listen } from './listen.ts';
import { openPostgres } from './open-postgres.ts';
import { watchWrites } from './watch-writes.ts';

/** Definitions that this process holds and serves to every PostgreSQL client on this machine. */
export interface EmbeddedDefinitions {
  connectionString: string;
  port: number;
  /** What had to be put right when they were opened, in words. */
  repaired?: string;
  /** Resolves with the reason when they no longer answer: end the process, and a new one opens them whole. */
  failed: Promise<Error>;
  close(): Promise<void>;
}

/** Where the definitions are and where they are served. */
export interface EmbeddedDefinitionsOptions {
  /** Holds `pg/`, `snapshot.json` and `lock`; made if it is missing. */
  dataDir: string;
  /** The next free one where it is taken; 0 for any. */
  port: number;
  /** @default '127.0.0.1' */
  host?: string;
  log?: (line: string) => void;
}

/**
 * Opens the embedded definitions: takes the folder's lock, applies migrations, and restores the snapshot
 * where the database is missing, damaged or behind it, as after a power cut. Throws `FolderLockedError`
 * where another process holds them.
 */
export async function openEmbeddedDefinitions(
  options: EmbeddedDefinitionsOptions,
): Promise<EmbeddedDefinitions> {
  const { dataDir, port, host = '127.0.0.1', log = () => {} } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const undo: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };

  try {
    const lock = await lockFolder(join(dataDir, 'lock'));
    undo.push(() => lock.release());
    const { db, fresh, setAside } = await openPostgres(join(dataDir, 'pg'), log);
    undo.push(() => db.close());
    const socket = await listen(db, host, port);
    undo.push(() => socket.server.stop());

    const connectionString = `postgres://postgres@${host}:${socket.port}/postgres`;
    const client = new pg.Client({ connectionString, query_timeout: 10_000 });
    // A connection that breaks shows in the writer's next query.
    client.on('error', () => {});
    await client.connect();
    undo.push(() => client.end());

    await migrateDefinitions(client);
    const snapshotFile = join(dataDir, 'snapshot.json');
    const restored = await catchUp(client, snapshotFile, log);
    const writer = await startSnapshotWriter({ client, file: snapshotFile, log });
    undo.push(() => writer.close());
    watchWrites(db, writer.look);

    const repaired = repairOf({ fresh, setAside, restored });
    if (repaired) log(repaired);
    return embedded({ connectionString, port: socket.port, writer, close, repaired });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Restores the snapshot where the database does not hold what it holds; says whether it did. */
async function catchUp(client: pg.Client, file: string, log: (line: string) => void): Promise<boolean> {
  let snapshot: Snapshot | undefined;
  try {
    snapshot = await readSnapshotFile(file);
  } catch (error) {
    const setAside = `${file}.damaged`;
    log(`${file} cannot be read (${String(error)}); it is kept as ${setAside}`);
    await rename(file, setAside);
  }
  if (!snapshot) return false;
  const held = await takeSnapshot(client);
  const behind = held.version < snapshot.version;
  // A table whose pages never reached the disk reads as empty, without an error.
  const differs = held.version === snapshot.version && !isDeepStrictEqual(held, snapshot);
  if (!behind && !differs) return false;
  await restoreSnapshot(client, snapshot);
  return true;
}

function repairOf(found: {
  fresh: boolean;
  setAside: string | undefined;
  restored: boolean;
}): string | undefined {
  if (found.restored) {
    const why = found.setAside
      ? `the database was damaged and is kept as ${found.setAside}`
      : found.fresh
        ? 'the database was missing'
        : 'the database had lost changes';
    return `definitions restored from snapshot.json: ${why}`;
  }
  return found.setAside
    ? `the definitions are empty: the database was damaged and is kept as ${found.setAside}, and there is no snapshot of it`
    : undefined;
}

function embedded(parts: {
  connectionString: string;
  port: number;
  writer: SnapshotWriter;
  close: () => Promise<void>;
  repaired: string | undefined;
}): EmbeddedDefinitions {
  const { connectionString, port, writer, close, repaired } = parts;
  return { connectionString, port, failed: writer.failed, close, ...(repaired ? { repaired } : {}) };
}
