import { createClickHouseWarehouse, createLoader, createSpoolReader } from '@millrace/collector';
import { createWarehouseClient, type WarehouseConnection } from '@millrace/warehouse-schema';
import { runChild } from './child.ts';
import { stderrLogger } from './stderr-logger.ts';

/** What the loader process is told. */
export interface LoaderSettings {
  spoolFolder: string;
  stateFolder: string;
  warehouse: WarehouseConnection;
}

/** How long a stop may spend on loading what is already in the spool; the rest waits for the next start. */
const DRAIN_MS = 5_000;

runChild<LoaderSettings, Record<string, never>>(async ({ spoolFolder, stateFolder, warehouse }) => {
  const logger = stderrLogger('loader');
  const client = createWarehouseClient(warehouse);
  const loader = createLoader({
    reader: createSpoolReader({
      folder: spoolFolder,
      onDamage: (logId, damage) => logger.error('a segment of the spool is damaged', { logId, ...damage }),
    }),
    warehouse: createClickHouseWarehouse(client),
    stateDir: stateFolder,
    logger,
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal).catch((error: unknown) => {
    logger.error('the loader ended', { error: error instanceof Error ? error.stack : String(error) });
    process.exit(1);
  });
  return {
    info: {},
    stop: async () => {
      const deadline = setTimeout(() => ending.abort(), DRAIN_MS);
      await Promise.race([loader.drain(), running]);
      clearTimeout(deadline);
      ending.abort();
      await running;
      await client.close();
    },
  };
});
