import { createLiveWarehouse, createStudio, runAlerts } from '@millrace/studio';
import { createWarehouseClient, runReadOnlySql } from '@millrace/warehouse-schema';
import type { Hono } from 'hono';
import { createPeopleAdmin } from '../people/people-admin.ts';
import type { PeoplePorts } from '../people/people-ports.ts';
import { accessOf } from './access.ts';
import { followDictionaries } from './follow-dictionaries.ts';
import { projectCohorts } from './project-cohorts.ts';
import { projectInsights } from './project-insights.ts';
import type { ServeOptions } from './serve-collector.ts';

/** Adds to `app` the pages and `/sql`, keeps ClickHouse's dictionaries up, and looks at the alerts; gives what closes them. */
export function serveStudio(app: Hono, options: ServeOptions): () => Promise<void> {
  const { settings, store, logger, stopping } = options;
  const reader = createWarehouseClient(settings.reader);
  const admin = createWarehouseClient(settings.warehouse);
  const dictionaries = followDictionaries({ store, client: admin, log: (line) => logger.info(line) });
  const cohorts = projectCohorts(settings.projectId, store.cohorts, admin);
  const people: PeoplePorts = {
    client: admin,
    store,
    dataDir: settings.info.dataDir,
    kafka: settings.log.kafka?.connection,
    log: (line) => logger.info(line),
  };
  const ports = {
    access: { admin: settings.warehouse, reader: settings.reader },
    reader,
    admin,
    cohorts: store.cohorts,
  };
  const askFor = (projectId: number) => projectInsights(projectId, ports);
  const alerts = runAlerts({
    queue: store.alerts,
    askFor,
    policy: { privateHosts: settings.webhookHosts },
    log: (line) => logger.warn(line),
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
    askInsight: askFor(settings.projectId),
    definitions: store,
    alerts: store.alerts,
    webhookHosts: settings.webhookHosts,
    cohorts,
    people: createPeopleAdmin(people, store, settings.projectId),
    projectId: settings.projectId,
    access: accessOf(settings),
    info: settings.info,
    signal: stopping,
  });
  app.route('/', studio);
  return async () => {
    await Promise.all([dictionaries.close(), alerts.close()]);
    await Promise.all([reader.close(), admin.close()]);
  };
}
