import {
  type CollectorLimits,
  createRegistry,
  type HttpServer,
  measureProcess,
  startHttpServer,
} from '@millrace/collector';
import { createDefinitionsStore } from '@millrace/definitions';
import type { StudioInfo } from '@millrace/studio';
import type { WarehouseConnection } from '@millrace/warehouse-schema';
import { Hono } from 'hono';
import { accessOf } from './access.ts';
import { type Child, runChild } from './child.ts';
import { metricsRoute } from './metrics-route.ts';
import type { LogSettings } from './open-log.ts';
import { serveCollector } from './serve-collector.ts';
import { stderrLogger } from './stderr-logger.ts';

/** What the server process is told. */
export interface ServerSettings {
  serves: readonly ('collector' | 'studio')[];
  host: string;
  port: number;
  /** Further ports that answer the same, each only where it is free. */
  extraPorts: number[];
  /** Nothing but this machine can reach `host`. */
  isLoopback: boolean;
  log: LogSettings;
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
  /** `host:port` of webhooks that may have a private address. */
  webhookHosts: string[];
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
  const store = createDefinitionsStore({ connectionString: settings.definitions.connectionString });
  const app = new Hono();
  const registry = createRegistry();
  measureProcess(registry);
  metricsRoute(app, registry, accessOf(settings));
  const responses = registry.counter('millrace_http_responses_total', 'HTTP responses, by status.');
  const options = { settings, store, logger, registry, stopping: stopping.signal };
  const onResponse = (status: number) => responses.add(1, { status });
  const closers: (() => Promise<void>)[] = [];
  if (settings.serves.includes('collector')) closers.push(await serveCollector(app, options));
  else app.get('/livez', (c) => c.json({ status: 'live' }));
  if (settings.serves.includes('studio')) {
    // A collector by itself does without the memory that the pages take.
    const { serveStudio } = await import('./serve-studio.ts');
    closers.push(serveStudio(app, options));
  }

  const main = await startHttpServer({ app, host: settings.host, port: settings.port, onResponse });
  const extra = await listenWhereFree(app, settings, onResponse);
  return {
    info: { port: main.port, extraPorts: extra.map((server) => server.port) },
    stop: async () => {
      stopping.abort();
      await Promise.all([main, ...extra].map((server) => server.close()));
      await Promise.all(closers.map((close) => close()));
      await store.close();
    },
  };
}

async function listenWhereFree(
  app: Hono,
  { host, extraPorts }: ServerSettings,
  onResponse: (status: number) => void,
): Promise<HttpServer[]> {
  const attempts = await Promise.allSettled(
    extraPorts.map((port) => startHttpServer({ app, host, port, onResponse })),
  );
  return attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
}
