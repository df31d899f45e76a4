import { access, mkdir, rename, rm } from 'node:fs/promises';
import type { PGlite } from '@electric-sql/pglite';
import { TABLES } from '../snapshot/snapshot.ts';
import { unpackTemplate } from './unpack-template.ts';

/** A PGlite that answers. */
export interface OpenedPostgres {
  db: PGlite;
  /** It holds nothing yet: the folder was missing, or damaged. */
  fresh: boolean;
  /** Where the damaged folder was put, if there was one. */
  setAside?: string;
}

/** The defaults are for a server: shared buffers alone would be 128 MB, 14 times what all definitions take. */
const SMALL = ['shared_buffers=1MB', 'max_connections=8', 'min_wal_size=32MB', 'max_wal_size=64MB'];

/**
 * Opens the PGlite folder, made if it is missing. A folder that cannot be opened, or whose definitions
 * cannot be read, is renamed and replaced by an empty one.
 */
export async function openPostgres(folder: string, log: (line: string) => void): Promise<OpenedPostgres> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  if (!exists) {
    await makePostgres(folder, log);
    return { db: await openFolder(folder), fresh: true };
  }
  try {
    return { db: await openFolder(folder), fresh: false };
  } catch (error) {
    const setAside = `${folder}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    log(`${folder} cannot be read (${firstLine(error)}); it is kept as ${setAside}`);
    await rename(folder, setAside);
    await makePostgres(folder, log);
    return { db: await openFolder(folder), fresh: true, setAside };
  }
}

async function openFolder(folder: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create(folder, { postgresqlconf: SMALL });
  try {
    // A page that a power cut tore fails its checksum when it is read: better now than at a request.
    const { rows } = await db.query<{ name: string }>(
      'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY($1)',
      [TABLES],
    );
    for (const { name } of rows) await db.query(`SELECT count(*) FROM ${name} t WHERE t IS NOT NULL`);
    return db;
  } catch (error) {
    await db.close().catch(() => {});
    throw error;
  }
}

/** Makes the folder beside its place and renames it, so that it is there whole or not at all. */
async function makePostgres(folder: string, log: (line: string) => void): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  if (!(await unpackTemplate(draft))) {
    log('making the definitions database from nothing, which takes some seconds and 800 MB of memory');
    const { PGlite } = await import('@electric-sql/pglite');
    const db = await PGlite.create(draft);
    await db.close();
  }
  await rename(draft, folder);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
