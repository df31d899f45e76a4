import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { takeSnapshot } from './snapshot.ts';
import { writeSnapshotFile } from './snapshot-file.ts';

/** Keeps the snapshot file equal to the database. */
export interface SnapshotWriter {
  /** Says that something may have changed: the version is looked at at once. */
  look(): void;
  /** Resolves with the error when the database no longer answers; never while it does. */
  failed: Promise<Error>;
  /** Writes what is left to write, and stops. */
  close(): Promise<void>;
}

/** What the writer is made from. The client is the writer's alone. */
export interface SnapshotWriterOptions {
  client: ClientBase;
  file: string;
  /** How often the version is looked at when nobody calls `look`. @default 1000 */
  intervalMs?: number;
  log: (line: string) => void;
  /** Note in the database what the file holds, since callers wait for that; not over PostgreSQL. @default true */
  acknowledge?: boolean;
}

/** Starts a writer; resolves once the file holds what the database holds now. */
export async function startSnapshotWriter(options: SnapshotWriterOptions): Promise<SnapshotWriter> {
  const { client, file, intervalMs = 1_000, log, acknowledge = true } = options;
  let isClosing = false;
  let wake = new AbortController();
  let written = -1;
  let diskError: string | undefined;

  async function write(): Promise<void> {
    const { rows } = await client.query<{ version: number }>(
      'SELECT version::float8 AS version FROM definitions_version',
    );
    if (rows[0]?.version === written) return;
    const snapshot = await takeSnapshot(client);
    try {
      await writeSnapshotFile(file, snapshot);
    } catch (error) {
      if (diskError === undefined) log(`the definitions cannot be copied to ${file}: ${String(error)}`);
      diskError = String(error);
      return;
    }
    if (diskError !== undefined) log(`the definitions are copied to ${file} again`);
    diskError = undefined;
    written = snapshot.version;
    if (acknowledge) await client.query('UPDATE definitions_version SET snapshot_version = $1', [written]);
  }

  async function follow(): Promise<Error | undefined> {
    try {
      while (!isClosing) {
        await delay(intervalMs, undefined, { signal: wake.signal, ref: false }).catch(() => {});
        wake = new AbortController();
        await write();
      }
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  await write();
  const ended = follow();
  return {
    failed: new Promise((resolve) => {
      void ended.then((error) => error && resolve(error));
    }),
    look: () => wake.abort(),
    async close() {
      isClosing = true;
      wake.abort();
      await ended;
    },
  };
}
