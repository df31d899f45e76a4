import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startSnapshotWriter } from './snapshot-writer.ts';

/** Keeps a snapshot file of a PostgreSQL that lives elsewhere. */
export interface FollowedSnapshot {
  close(): Promise<void>;
}

/** Where the definitions are and where their copy goes. */
export interface FollowSnapshotOptions {
  connectionString: string;
  file: string;
  log: (line: string) => void;
  /** How long to wait before a lost database is asked again. @default 2000 */
  retryMs?: number;
}

/**
 * Copies the definitions to a file at every change, for a start while the database is away. Nobody waits for the copy:
 * PostgreSQL's own commit is what makes a change durable. While the database is away the file stays as it is.
 */
export function followSnapshot(options: FollowSnapshotOptions): FollowedSnapshot {
  const { connectionString, file, log, retryMs = 2_000 } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let isAway = false;

  async function follow(): Promise<void> {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      const writer = await startSnapshotWriter({ client, file, log, acknowledge: false });
      if (isAway) log('the definitions are copied again');
      isAway = false;
      const failed = await Promise.race([writer.failed, aborted(signal)]);
      await writer.close();
      if (failed) throw failed;
    } finally {
      await client.end().catch(() => {});
    }
  }

  async function run(): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    while (!signal.aborted) {
      try {
        await follow();
      } catch (error) {
        if (!isAway)
          log(`the definitions cannot be copied: ${error instanceof Error ? error.message : error}`);
        isAway = true;
        await delay(retryMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  const running = run().catch((error) => log(`the definitions are not copied: ${error}`));
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}

/** The copy's file name for a database: another database never reads this one's copy. */
export function snapshotName(connectionString: string): string {
  const { hostname, port, pathname } = new URL(connectionString);
  const place = `${hostname}:${port || '5432'}${pathname}`;
  return `postgres-${createHash('sha256').update(place).digest('hex').slice(0, 12)}.json`;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
