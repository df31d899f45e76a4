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
import { clusterOf, externalWarehouse } from '../installation/external-warehouse.ts';
import type { WarehouseAccess } from '../installation/warehouse-access.ts';
import { requireExact, requireHarmlessReader, requireUsable } from './check-outside.ts';
import type { Fleet } from './fleet.ts';
import { kafkaConnection } from './kafka-connection.ts';
import { probeWarehouse } from './probe-warehouse.ts';
import { startPersonDictionary } from './start-person-dictionary.ts';

export interface StartWarehouseOptions {
  config: Config;
  credentials: Credentials;
  fleet: Fleet;
  /** Bring it to this version's schema; who does not need not reach it yet. */
  migrates: boolean;
  log: (line: string) => void;
}

/**
 * Starts the embedded ClickHouse and keeps it up, or takes the one of `CLICKHOUSE_URL`; applies migrations. Rejects with
 * `PreflightError` where the one outside is not fit for it.
 */
export async function startWarehouse(options: StartWarehouseOptions): Promise<WarehouseAccess> {
  const { config, log } = options;
  const access = config.clickhouseUrl
    ? externalWarehouse(config.clickhouseUrl, config.clickhouseReaderUrl)
    : await startEngine(options);
  if (!options.migrates) return access;
  const client = createWarehouseClient(access.admin);
  try {
    if (config.clickhouseUrl) await requireUsable(client);
    await client.createDatabase();
    await migrate({ client, cluster: clusterOf(config) });
    await startPersonDictionary(client, access.admin, log);
    if (config.clickhouseUrl) {
      await requireExact(client, log);
      await requireHarmlessReader(access.reader, client.database, log);
    }
    return access;
  } finally {
    await client.close();
  }
}

async function startEngine({ config, credentials, fleet }: StartWarehouseOptions): Promise<WarehouseAccess> {
  const kafka = await kafkaConnection(config);
  const { clickhouseAdminPassword: adminPassword, clickhouseReaderPassword: readerPassword } = credentials;
  const start = () =>
    startEmbeddedClickHouse({
      dataDir: dataPaths(config.dataDir).clickhouse,
      // After a crash the same ports again: the others hold on to them.
      httpPort: fleet.run.clickhouse?.httpPort ?? config.clickhouseHttpPort,
      tcpPort: fleet.run.clickhouse?.tcpPort ?? config.clickhouseTcpPort,
      adminPassword,
      readerPassword,
      maxMemoryBytes: config.clickhouseMemoryBytes,
      logFile: fleet.logFile('clickhouse'),
      kafkaCa: kafka?.tls?.ca,
    });
  const note = ({ url, httpPort, tcpPort }: EmbeddedClickHouse) => {
    fleet.run.clickhouse = { url, httpPort, tcpPort };
  };
  const probe = ({ url }: EmbeddedClickHouse, signal: AbortSignal) =>
    probeWarehouse({ url, username: ADMIN_USER, password: adminPassword }, signal);
  await fleet.keep('clickhouse', start, note, probe);
  const url = fleet.run.clickhouse?.url ?? '';
  return {
    admin: { url, username: ADMIN_USER, password: adminPassword },
    reader: { url, username: READER_USER, password: readerPassword },
  };
}
