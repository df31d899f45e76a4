import {
  ADMIN_USER,
  createWarehouseClient,
  type EmbeddedClickHouse,
  migrate,
  READER_USER,
  startEmbeddedClickHouse,
} from '@millrace/warehouse-schema';
import type { Config } from '../config/read-config.ts';
import type { Credentials } from '../data-dir/credentials.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { externalWarehouse } from '../installation/external-warehouse.ts';
import type { WarehouseAccess } from '../installation/installation.ts';
import { type SupervisedService, supervise } from './service.ts';

/** A warehouse with Millrace's schema. */
export interface StartedWarehouse {
  access: WarehouseAccess;
  /** The embedded engine's, where it is embedded. */
  service?: SupervisedService;
}

export interface StartWarehouseOptions {
  config: Config;
  credentials: Credentials;
  logFile: string;
  log: (line: string) => void;
  /** Told of every start of the embedded engine. */
  onEngine: (engine: EmbeddedClickHouse) => void;
}

/** Starts the embedded ClickHouse and keeps it up, or takes the one of `CLICKHOUSE_URL`; applies migrations. */
export async function startWarehouse(options: StartWarehouseOptions): Promise<StartedWarehouse> {
  const { config } = options;
  const started = config.clickhouseUrl
    ? { access: externalWarehouse(config.clickhouseUrl, config.clickhouseReaderUrl) }
    : await startEngine(options);
  const client = createWarehouseClient(started.access.admin);
  try {
    await client.createDatabase();
    await migrate({ client });
    return started;
  } catch (error) {
    if ('service' in started) await started.service.stop();
    throw error;
  } finally {
    await client.close();
  }
}

async function startEngine(options: StartWarehouseOptions) {
  const { config, credentials, logFile, log, onEngine } = options;
  const { clickhouseAdminPassword: adminPassword, clickhouseReaderPassword: readerPassword } = credentials;
  let last: EmbeddedClickHouse | undefined;
  const service = await supervise({
    name: 'clickhouse',
    log,
    start: () =>
      startEmbeddedClickHouse({
        dataDir: dataPaths(config.dataDir).clickhouse,
        // After a crash the same ports again: the others hold on to them.
        httpPort: last?.httpPort ?? config.clickhouseHttpPort,
        tcpPort: last?.tcpPort ?? config.clickhouseTcpPort,
        adminPassword,
        readerPassword,
        maxMemoryBytes: config.clickhouseMemoryBytes,
        logFile,
      }),
    onStart: (engine) => {
      last = engine;
      onEngine(engine);
    },
  });
  const url = last?.url ?? '';
  const access: WarehouseAccess = {
    admin: { url, username: ADMIN_USER, password: adminPassword },
    reader: { url, username: READER_USER, password: readerPassword },
  };
  return { access, service };
}
