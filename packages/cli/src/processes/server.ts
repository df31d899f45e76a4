import { randomUUID } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import {
  type CollectorLimits,
  createApp,
  createSpool,
  DEFAULT_LIMITS,
  type HttpServer,
  startHttpServer,
} from '@millrace/collector';
import {
  createDefinitionsStore,
  createKeyDirectory,
  followSnapshot,
  readSnapshotKeys,
} from '@millrace/definitions';
import { createLiveWarehouse, createStudio, type StudioInfo } from '@millrace/studio';
import { createWarehouseClient, runReadOnlySql, type WarehouseConnection } from '@millrace/warehouse-schema';
import { type Context, Hono } from 'hono';
import { type Child, runChild } from './child.ts';
import { followDictionaries } from './follow-dictionaries.ts';
import { publicFiles } from './public-files.ts';
import { stderrLogger } from './stderr-logger.ts';

/** What the server process is told. */
export interface ServerSettings {
  host: string;
  port: number;
  /** Further ports that answer the same, each only where it is free. */
  extraPorts: number[];
  /** Nothing but this machine can reach `host`. */
  isLoopback: boolean;
  spool: { folder: string; quotaBytes: number };
  limits: Pick<CollectorLimits, 'maxEventBytes' | 'maxBatchBytes'>;
  trustedHops: number;
  /** `follow`: nobody else keeps the snapshot file, since the definitions are in a PostgreSQL outside. */
  definitions: { connectionString: string; snapshotFile: string; follow: boolean };
  /** The project that the pages show. */
  projectId: number;
  /** For what only administers: ends queries that run over their time. */
  warehouse: WarehouseConnection;
  /** For everything that a caller may read. */
  reader: WarehouseConnection;
  adminToken: string;
  info: StudioInfo;
}

/** Where it listens. */
export interface ServerInfo {
  port: number;
  extraPorts: number[];
}

runChild<ServerSettings, ServerInfo>(serve);

async function serve(settings: ServerSettings): Promise<Child<ServerInfo>> {
  const logger = stderrLogger('server');
  const stopping = new AbortController();
  const log = await createSpool({ folder: settings.spool.folder, quotaBytes: settings.spool.quotaBytes });
  const store = createDefinitionsStore({ connectionString: settings.definitions.connectionString });
  const keys = createKeyDirectory({
    store,
    loopback: settings.isLoopback,
    readSnapshot: () => readSnapshotKeys(settings.definitions.snapshotFile),
  });
  await keys.ready;
  const copy = settings.definitions.follow
    ? followSnapshot({
        connectionString: settings.definitions.connectionString,
        file: settings.definitions.snapshotFile,
        log: (line) => logger.info(line),
      })
    : undefined;
  const reader = createWarehouseClient(settings.reader);
  const admin = createWarehouseClient(settings.warehouse);
  const dictionaries = followDictionaries({ store, client: admin, log: (line) => logger.info(line) });

  const collector = createApp({
    log,
    projects: keys,
    clock: Date.now,
    newId: randomUUID,
    limits: { ...DEFAULT_LIMITS, ...settings.limits },
    trustedHops: settings.trustedHops,
    demoKeyOnLoopback: settings.isLoopback ? settings.info.writeKey : undefined,
    notReady: () => {
      if (stopping.signal.aborted) return 'the server is shutting down';
      return keys.status().source === 'none' ? 'the write keys are not loaded yet' : undefined;
    },
    logger,
  });
  const studio = createStudio({
    warehouse: createLiveWarehouse(reader, settings.projectId),
    runSql: ({ sql, signal }) =>
      runReadOnlySql({
        url: settings.reader.url,
        reader: settings.reader,
        admin: settings.warehouse,
        sql,
        signal,
      }),
    access: { isLoopback, adminToken: settings.adminToken },
    info: settings.info,
    signal: stopping.signal,
  });
  const app = new Hono();
  app.route('/', publicFiles());
  app.route('/', collector);
  app.route('/', studio);

  const main = await startHttpServer({ app, host: settings.host, port: settings.port });
  const extra = await listenWhereFree(app, settings);
  return {
    info: { port: main.port, extraPorts: extra.map((server) => server.port) },
    stop: async () => {
      stopping.abort();
      await Promise.all([main, ...extra].map((server) => server.close()));
      await log.close();
      await Promise.all([keys.close(), copy?.close(), dictionaries.close()]);
      await Promise.all([store.close(), reader.close(), admin.close()]);
    },
  };
}

async function listenWhereFree(app: Hono, { host, extraPorts }: ServerSettings): Promise<HttpServer[]> {
  const attempts = await Promise.allSettled(extraPorts.map((port) => startHttpServer({ app, host, port })));
  return attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
}

/** By the socket's own address; what a header says does not count. */
function isLoopback(c: Context): boolean {
  const address = getConnInfo(c).remote.address ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
