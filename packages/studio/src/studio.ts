import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { type AccessOptions, createGuard } from './access/guard.ts';
import { alertRoutes } from './alerts/alert-routes.ts';
import type { AlertsAdmin } from './alerts/alerts-admin.ts';
import { dataHeaders } from './assets/page-headers.ts';
import { pageRoutes } from './assets/page-routes.ts';
import type { CohortsAdmin } from './cohorts/cohorts-admin.ts';
import { cohortsRoutes } from './cohorts/cohorts-routes.ts';
import type { DefinitionsAdmin } from './definitions/definitions-admin.ts';
import { definitionsRoutes } from './definitions/definitions-routes.ts';
import { type AskInsight, insightsRoute } from './insights/insights-route.ts';
import { liveRoute } from './live/live-route.ts';
import type { LiveWarehouse } from './live/live-warehouse.ts';
import { createLivePoller } from './live/poller.ts';
import type { PeopleAdmin } from './people/people-admin.ts';
import { peopleRoutes } from './people/people-routes.ts';
import { type RunSql, sqlRoute } from './sql/sql-route.ts';

/** What the pages say about the server they come from. */
export interface StudioInfo {
  /** The write key that the snippets and the demo shop use. */
  writeKey: string;
  /** Under which the server is reached, without a slash at the end: "http://localhost:3500". */
  publicUrl: string;
  version: string;
  /** Where the data is. */
  dataDir: string;
}

export interface StudioDeps {
  warehouse: LiveWarehouse;
  runSql: RunSql;
  /** Answers `POST /api/insights/<name>`. */
  askInsight: AskInsight;
  definitions: DefinitionsAdmin;
  cohorts: CohortsAdmin;
  people: PeopleAdmin;
  alerts: AlertsAdmin;
  /** `host:port` of webhooks that may have an address beside the public internet. @default none */
  webhookHosts?: readonly string[];
  /** The project that the pages show, and whose definitions are meant where a request names none. */
  projectId: number;
  access: AccessOptions;
  info: StudioInfo;
  /** The folder of the built pages. @default the package's own */
  assetsDir?: string;
  /** Milliseconds between two readings of the warehouse while someone watches. @default 250 */
  liveIntervalMs?: number;
  /** Ends the live streams when it aborts, so that a server can close. */
  signal?: AbortSignal;
}

/**
 * Creates the studio's routes: the live page at `/`, the demo shop at `/shop`, `POST /sql`, `GET /api/live`,
 * `GET /api/info`, `POST /api/insights/<name>`, the definitions under `/api/definitions`, the cohorts under `/api/cohorts`,
 * the alerts under `/api/alerts` and one person under `/api/people`. Whatever shows data answers only callers that the
 * access options let through.
 * Throws if the pages are not built.
 */
export function createStudio(deps: StudioDeps): Hono {
  const { access, info } = deps;
  const guard = createGuard(access);
  const poller = createLivePoller({
    warehouse: deps.warehouse,
    ...(deps.liveIntervalMs !== undefined && { intervalMs: deps.liveIntervalMs }),
  });
  deps.signal?.addEventListener('abort', () => poller.close(), { once: true });

  const app = new Hono();
  app.use('/sql', dataHeaders(), guard);
  app.use('/api/*', dataHeaders(), guard);
  app.get('/api/live', liveRoute(poller));
  app.get('/api/info', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json(info);
  });
  app.route('/', definitionsRoutes(deps.definitions, deps.projectId));
  app.route('/', cohortsRoutes(deps.cohorts));
  app.route('/', peopleRoutes(deps.people));
  app.route('/', sqlRoute(deps.runSql));
  app.route('/', insightsRoute(deps.askInsight));
  app.route(
    '/',
    alertRoutes({
      alerts: deps.alerts,
      projectId: deps.projectId,
      askInsight: deps.askInsight,
      policy: { privateHosts: deps.webhookHosts ?? [] },
    }),
  );
  app.route('/', pageRoutes({ dir: deps.assetsDir ?? builtPages(), access, writeKey: info.writeKey }));
  return app;
}

function builtPages(): string {
  // One level down from the package, from src/ as from dist/.
  return fileURLToPath(new URL('../dist/web', import.meta.url));
}
