import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWarehouseClient, type WarehouseClient } from '../client.ts';
import {
  type EmbeddedClickHouse,
  type EmbeddedClickHouseOptions,
  startEmbeddedClickHouse,
} from '../embedded/start-embedded-click-house.ts';
import { ADMIN_USER, READER_USER } from '../embedded/write-config.ts';
import { migrate } from '../migrations/migrate.ts';
import { createPersonDictionary } from '../people/person-dictionary.ts';

/** A real ClickHouse of a test's own, in a temporary folder. */
export interface TestEngine {
  url: string;
  dataDir: string;
  adminPassword: string;
  readerPassword: string;
  admin: WarehouseClient;
  reader: WarehouseClient;
  clickHouse(): EmbeddedClickHouse;
  /** Kills the process as a crash would, or stops it, unless it is gone, and starts it again on the same port and data. */
  restart(how: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

/** Starts a ClickHouse with all migrations applied (`migrated: false`: with none). */
export async function startTestEngine(
  options: Partial<EmbeddedClickHouseOptions> & { migrated?: boolean } = {},
): Promise<TestEngine> {
  const { migrated = true, ...rest } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-engine-'));
  const { adminPassword = randomBytes(12).toString('hex') } = rest;
  const { readerPassword = randomBytes(12).toString('hex') } = rest;
  const start = (httpPort: number, tcpPort: number) =>
    startEmbeddedClickHouse({ dataDir, adminPassword, readerPassword, ...rest, httpPort, tcpPort });
  let running = await start(rest.httpPort ?? 0, rest.tcpPort ?? 0);
  const { url } = running;
  const admin = createWarehouseClient({ url, username: ADMIN_USER, password: adminPassword });
  const reader = createWarehouseClient({ url, username: READER_USER, password: readerPassword });
  if (migrated) {
    await migrate({ client: admin });
    await createPersonDictionary(admin, { username: ADMIN_USER, password: adminPassword });
  }
  return {
    url,
    dataDir,
    adminPassword,
    readerPassword,
    admin,
    reader,
    clickHouse: () => running,
    async restart(how) {
      killUnlessGone(running.pid, how);
      await running.exited;
      running = await start(running.httpPort, running.tcpPort);
      if (running.url !== url) throw new Error(`the port of ${url} was taken while the engine restarted`);
    },
    async close() {
      await Promise.all([admin.close(), reader.close()]);
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

// A test may have killed it already.
function killUnlessGone(pid: number, signal: 'SIGKILL' | 'SIGTERM'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
