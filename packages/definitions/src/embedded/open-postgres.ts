import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import type { PGlite } from '@electric-sql/pglite';
import { TABLES } from '../snapshot/snapshot.ts';

/** A PGlite that answers. */
export interface OpenedPostgres {
  db: PGlite;
  /** It holds nothing yet: the folder was missing, or damaged. */
  fresh: boolean;
  /** Where the damaged folder was put, if there was one. */
  setAside?: string;
}

// In `dist` beside the bundle or the folder that it stands in; and as seen from `src`.
const TEMPLATES = ['./pgdata.tar.gz', '../pgdata.tar.gz', '../../dist/pgdata.tar.gz'];

/**
 * Opens the PGlite folder, made if it is missing. A folder that cannot be opened, or whose definitions
 * cannot be read, is renamed and replaced by an empty one.
 */
export async function openPostgres(folder: string, log: (line: string) => void): Promise<OpenedPostgres> {
  if (!(await exists(folder))) {
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
  const db = await PGlite.create(folder);
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
  const { PGlite } = await import('@electric-sql/pglite');
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const template = await readTemplate();
  if (!template) log('making the definitions database from nothing, which takes some seconds');
  const db = await PGlite.create(draft, template ? { loadDataDir: template } : {});
  await db.close();
  await rename(draft, folder);
}

async function readTemplate(): Promise<Blob | undefined> {
  for (const place of TEMPLATES) {
    const file = new URL(place, import.meta.url);
    if (await exists(file)) return new Blob([await readFile(file)]);
  }
  return undefined;
}

async function exists(path: string | URL): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
