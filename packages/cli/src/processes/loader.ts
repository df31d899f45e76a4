import {
  createClickHouseWarehouse,
  createKafkaLoader,
  createLoader,
  createSpoolReader,
  type KafkaConnection,
  type Logger,
} from '@millrace/collector';
import {
  createWarehouseClient,
  type WarehouseClient,
  type WarehouseConnection,
} from '@millrace/warehouse-schema';
import { runChild } from './child.ts';
import { stderrLogger } from './stderr-logger.ts';

/** What the loader process is told. */
export interface LoaderSettings {
  spoolFolder: string;
  stateFolder: string;
  warehouse: WarehouseConnection;
  /** The log, where it is Kafka; the folders are not used then. */
  kafka?: KafkaConnection | undefined;
}

/** How long a stop may spend on loading what is already in the spool; the rest waits for the next start. */
const DRAIN_MS = 5_000;

/** Many partitions ask and insert at the same time, and one connection may be held to make others wait. */
const CONNECTIONS_WITH_KAFKA = 24;

function spoolLoader({ spoolFolder, stateFolder }: LoaderSettings, client: WarehouseClient, logger: Logger) {
  return createLoader({
    reader: createSpoolReader({
      folder: spoolFolder,
      onDamage: (logId, damage) => logger.error('a segment of the spool is damaged', { logId, ...damage }),
    }),
    warehouse: createClickHouseWarehouse(client),
    stateDir: stateFolder,
    logger,
  });
}

runChild<LoaderSettings, Record<string, never>>(async (settings) => {
  const { warehouse, kafka } = settings;
  const logger = stderrLogger('loader');
  const client = createWarehouseClient(
    kafka ? { ...warehouse, maxConnections: CONNECTIONS_WITH_KAFKA } : warehouse,
  );
  const loader = kafka
    ? createKafkaLoader({ connection: kafka, client, logger })
    : spoolLoader(settings, client, logger);
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
