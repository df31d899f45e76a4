import {
  createClickHouseWarehouse,
  createKafkaLoader,
  createLoader,
  createLoaderMetrics,
  createRegistry,
  createSpoolReader,
  type KafkaConnection,
  type Loader,
  type LoaderMetrics,
  type Logger,
  listSegments,
  loadSpoolFirst,
  measureProcess,
} from '@millrace/collector';
import {
  createWarehouseClient,
  followActivity,
  followPeople,
  type WarehouseClient,
  type WarehouseConnection,
} from '@millrace/warehouse-schema';
import { runChild } from './child.ts';
import { fillRollups } from './fill-rollups.ts';
import { serveLoader } from './serve-loader.ts';
import { stderrLogger } from './stderr-logger.ts';

/** What the loader process is told. */
export interface LoaderSettings {
  spoolFolder: string;
  stateFolder: string;
  warehouse: WarehouseConnection;
  /** By whose days active people are kept. */
  timezones: readonly string[];
  /** The log, where it is Kafka; what the spool still holds is loaded before. */
  kafka?: KafkaConnection | undefined;
  /** Where it tells of itself; the next free port where this one is taken. */
  http: { host: string; port: number; isLoopback: boolean; adminToken: string };
}

/** Where it tells of itself. */
export interface LoaderInfo {
  port: number;
}

/** How long a stop may spend on loading what is already in the spool; the rest waits for the next start. */
const DRAIN_MS = 5_000;

/** Many partitions ask and insert at the same time, and one connection may be held to make others wait. */
const CONNECTIONS_WITH_KAFKA = 24;

interface LoaderPorts {
  client: WarehouseClient;
  logger: Logger;
  metrics: LoaderMetrics;
}

function spoolLoader({ spoolFolder, stateFolder }: LoaderSettings, ports: LoaderPorts) {
  const { client, logger, metrics } = ports;
  return createLoader({
    reader: createSpoolReader({
      folder: spoolFolder,
      onDamage: (logId, damage) => logger.error('a segment of the spool is damaged', { logId, ...damage }),
    }),
    warehouse: metrics.measure(createClickHouseWarehouse(client)),
    stateDir: stateFolder,
    onChunk: metrics.onChunk,
    logger,
  });
}

function kafkaLoader(connection: KafkaConnection, { client, logger, metrics }: LoaderPorts) {
  const { onChunk, measure } = metrics;
  return createKafkaLoader({ connection, client, logger, onChunk, measure });
}

async function openLoader(settings: LoaderSettings, ports: LoaderPorts): Promise<Loader> {
  const { kafka, spoolFolder } = settings;
  if (!kafka) return spoolLoader(settings, ports);
  // Of the time before there was a Kafka.
  const segments = await listSegments(spoolFolder);
  if (segments.length === 0) return kafkaLoader(kafka, ports);
  return loadSpoolFirst(spoolLoader(settings, ports), kafkaLoader(kafka, ports), ports.logger);
}

runChild<LoaderSettings, LoaderInfo>(async (settings) => {
  const { warehouse, kafka, timezones: zones } = settings;
  const logger = stderrLogger('loader');
  const client = createWarehouseClient(
    kafka ? { ...warehouse, maxConnections: CONNECTIONS_WITH_KAFKA } : warehouse,
  );
  const registry = createRegistry();
  measureProcess(registry);
  const ports = { client, logger, metrics: createLoaderMetrics(registry) };
  const loader = await openLoader(settings, ports);
  ports.metrics.follow(() => loader.status());
  const log = (line: string) => logger.error(line);
  const people = followPeople({ client, log });
  const activity = followActivity({ client, zones, log });
  // Several loaders of Kafka would fill the same: there it is the command's.
  const rollups = kafka ? undefined : fillRollups({ warehouse, stateFolder: settings.stateFolder, logger });
  const http = await serveLoader({ ...settings.http, registry, status: () => loader.status() });
  const ending = new AbortController();
  const running = loader.run(ending.signal).catch((error: unknown) => {
    logger.error('the loader ended', { error: error instanceof Error ? error.stack : String(error) });
    process.exit(1);
  });
  return {
    info: { port: http.port },
    stop: async () => {
      await rollups?.close();
      const deadline = setTimeout(() => ending.abort(), DRAIN_MS);
      await Promise.race([loader.drain(), running]);
      clearTimeout(deadline);
      ending.abort();
      await Promise.all([running, people.close(), activity.close()]);
      await Promise.all([client.close(), http.close()]);
    },
  };
});
