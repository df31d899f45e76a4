import { randomUUID } from 'node:crypto';
import {
  createApp,
  createClickHouseWarehouse,
  createLoader,
  createSpool,
  createSpoolReader,
  createWatchedClock,
  DEFAULT_LIMITS,
  type Logger,
} from '@millrace/collector';
import { createKeyDirectory, type DefinitionsStore } from '@millrace/definitions';
import { createWarehouseClient, migrate } from '@millrace/warehouse-schema';
import { dataPaths } from '../data-dir/data-paths.ts';
import { startPersonDictionary } from '../start/start-person-dictionary.ts';
import { clusterOf } from './external-warehouse.ts';
import type { Installation } from './installation.ts';

/** A collector and a loader within this process, for a command where no server runs. */
export interface InProcessCollector {
  fetch(request: Request): Promise<Response>;
  /** Loads everything that was accepted, and ends. */
  close(): Promise<void>;
}

/** Starts collector and loader over the data folder of an installation that no server has. */
export async function startInProcessCollector(
  installation: Installation,
  store: DefinitionsStore,
  logger: Logger,
): Promise<InProcessCollector> {
  const { config } = installation;
  const paths = dataPaths(config.dataDir);
  const { admin } = await installation.warehouse();
  const client = createWarehouseClient(admin);
  await migrate({ client, cluster: clusterOf(config) });
  await startPersonDictionary(client, admin, (line) => logger.warn(line));
  const log = await createSpool({ folder: paths.spool, quotaBytes: config.spoolQuotaBytes });
  const keys = createKeyDirectory({ store, loopback: true });
  await keys.ready;
  const clock = createWatchedClock();
  const app = createApp({
    log,
    projects: keys,
    clock: clock.now,
    clockSetAt: clock.setAt,
    newId: randomUUID,
    limits: { ...DEFAULT_LIMITS, maxEventBytes: config.maxEventBytes, maxBatchBytes: config.maxBatchBytes },
    trustedHops: 0,
    logger,
  });
  const loader = createLoader({
    reader: createSpoolReader({ folder: paths.spool }),
    warehouse: createClickHouseWarehouse(client),
    stateDir: paths.loader,
    logger,
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  // Whoever waits for the loader's work learns of its failure there.
  running.catch(() => {});

  return {
    fetch: async (request) => app.fetch(request),
    async close() {
      try {
        await Promise.race([loader.drain(), running]);
      } finally {
        ending.abort();
        await running.finally(async () => {
          await keys.close();
          await log.close();
          await client.close();
        });
      }
    },
  };
}
