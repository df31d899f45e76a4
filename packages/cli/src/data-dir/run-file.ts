import { readFile, rm } from 'node:fs/promises';
import { isAlive, type ProcessIdentity } from '@millrace/definitions';
import { dataPaths } from './data-paths.ts';
import { replaceFile } from './synced-file.ts';

/** What runs over a data folder and where; holds no secrets. */
export interface RunFile {
  /** The supervisor; once it is gone, nothing in the file holds any more. */
  supervisor: ProcessIdentity;
  /** Where the server is reached from this machine. */
  url: string;
  host: string;
  port: number;
  /** The embedded ClickHouse; absent where `CLICKHOUSE_URL` is used. */
  clickhouse?: { url: string; httpPort: number; tcpPort: number };
  /** The embedded definitions; absent where `DATABASE_URL` is used. */
  definitions?: { connectionString: string; port: number };
  /** The loader's health and figures; absent where it runs elsewhere. */
  loader?: { port: number };
  /** Process ids by name: server, loader, clickhouse, definitions. */
  processes: Record<string, number>;
}

/** Writes `run.json`, or the one of single parts, as a whole. */
export async function writeRunFile(file: string, run: RunFile): Promise<void> {
  await replaceFile(file, `${JSON.stringify(run, null, 2)}\n`, 0o644);
}

/** What runs over the data folder now; undefined where nothing does, or only remains are left. */
export async function readRunFile(dataDir: string): Promise<RunFile | undefined> {
  let run: Partial<RunFile> | null;
  try {
    run = JSON.parse(await readFile(dataPaths(dataDir).run, 'utf8')) as Partial<RunFile> | null;
  } catch {
    return undefined;
  }
  const supervisor = run?.supervisor;
  if (typeof supervisor?.pid !== 'number' || typeof supervisor.startedAt !== 'string') return undefined;
  return isAlive(supervisor) ? (run as RunFile) : undefined;
}

/** Removes it; does nothing where there is none. */
export async function removeRunFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
