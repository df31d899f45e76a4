import { randomUUID } from 'node:crypto';
import {
  createApp,
  createWatchedClock,
  DEFAULT_LIMITS,
  type Logger,
  type MetricRegistry,
  measureLog,
  suppressLog,
} from '@millrace/collector';
import {
  createDefinitionsDirectory,
  createKeyDirectory,
  type DefinitionsStore,
  followSnapshot,
  followSuppressions,
  readSnapshotDefinitions,
  readSnapshotKeys,
  readSnapshotSuppressions,
} from '@millrace/definitions';
import type { Hono } from 'hono';
import { openLog } from './open-log.ts';
import { publicFiles } from './public-files.ts';
import type { ServerSettings } from './server.ts';

/** What the collector shares with the rest of its process. */
export interface ServeOptions {
  settings: ServerSettings;
  store: DefinitionsStore;
  logger: Logger;
  /** What the process counts. */
  registry: MetricRegistry;
  /** Aborted when the process begins to stop. */
  stopping: AbortSignal;
}

/** Adds to `app` what takes events; resolves, once it can, with what closes it when no request runs any more. */
export async function serveCollector(app: Hono, options: ServeOptions): Promise<() => Promise<void>> {
  const { settings, store, logger, registry, stopping } = options;
  const { connectionString, snapshotFile, follow } = settings.definitions;
  const log = suppressLog(measureLog(await openLog(settings.log, logger), registry));
  const keys = createKeyDirectory({
    store,
    loopback: settings.isLoopback,
    readSnapshot: () => readSnapshotKeys(snapshotFile),
  });
  const directory = createDefinitionsDirectory({
    store,
    readSnapshot: () => readSnapshotDefinitions(snapshotFile),
  });
  const suppressions = followSuppressions({
    store,
    readSnapshot: () => readSnapshotSuppressions(snapshotFile),
    adopt: (ids) => log.suppress(ids),
  });
  await Promise.all([keys.ready, directory.ready, suppressions.ready]);
  const copy = follow
    ? followSnapshot({ connectionString, file: snapshotFile, log: (line) => logger.info(line) })
    : undefined;
  const clock = createWatchedClock();
  const collector = createApp({
    log,
    projects: keys,
    clock: clock.now,
    clockSetAt: clock.setAt,
    newId: randomUUID,
    limits: { ...DEFAULT_LIMITS, ...settings.limits },
    trustedHops: settings.trustedHops,
    definitions: { ...directory, documents: store },
    stopping,
    demoKeyOnLoopback: settings.isLoopback ? settings.info.writeKey : undefined,
    notReady: () => {
      if (stopping.aborted) return 'the server is shutting down';
      return keys.status().source === 'none' ? 'the write keys are not loaded yet' : undefined;
    },
    logger,
  });
  app.route('/', publicFiles());
  app.route('/', collector);
  return async () => {
    await log.close();
    await Promise.all([keys.close(), directory.close(), suppressions.close(), copy?.close()]);
  };
}
