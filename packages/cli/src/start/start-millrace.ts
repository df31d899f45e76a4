import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess } from '@millrace/definitions';
import type { EmbeddedClickHouse } from '@millrace/warehouse-schema';
import type { Config } from '../config/read-config.ts';
import { ensureCredentials } from '../data-dir/credentials.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { type RunFile, removeRunFile, writeRunFile } from '../data-dir/run-file.ts';
import { lockDataFolder } from '../installation/installation.ts';
import type { DefinitionsInfo } from '../processes/definitions.ts';
import type { LoaderSettings } from '../processes/loader.ts';
import type { ServerInfo, ServerSettings } from '../processes/server.ts';
import { createOutlook, type Outlook } from './outlook.ts';
import { prepareDefinitions } from './prepare-definitions.ts';
import { startNodeService } from './node-service.ts';
import { type SupervisedService, supervise } from './service.ts';
import { startWarehouse } from './start-warehouse.ts';

/** Everything runs. */
export interface RunningMillrace {
  outlook: Outlook;
  /** Ends everything in order, so that the next start has nothing to make good. */
  stop(): Promise<void>;
}

export interface StartOptions {
  config: Config;
  version: string;
  /** One line for the person at the terminal. */
  log: (line: string) => void;
}

/** The seed's separate services, which all answer on the one server. */
const EXTRA_PORTS = [3501, 3502, 3503, 3504];
const DEFAULT_PORT = 3500;

/**
 * Starts every process of Millrace over the data folder of `config`, which is locked for the time, and
 * resolves when the server answers and the loader loads. What was started is stopped again if a part fails.
 */
export async function startMillrace({ config, version, log }: StartOptions): Promise<RunningMillrace> {
  const paths = dataPaths(config.dataDir);
  const lock = await lockDataFolder(config.dataDir);
  const services: SupervisedService[] = [];
  /** In the order in which they end: first what takes events, last what holds them. */
  const stop = async () => {
    await removeRunFile(config.dataDir);
    for (const name of ['server', 'loader', 'definitions', 'clickhouse']) {
      await services.find((service) => service.name === name)?.stop();
    }
    await lock.release();
  };

  try {
    const { credentials } = await ensureCredentials(config.dataDir);
    for (const folder of [paths.logs, paths.spool, paths.loader]) await mkdir(folder, { recursive: true });
    const logFile = (name: string) => join(paths.logs, `${name}.log`);
    const run: RunFile = {
      supervisor: identifyProcess(process.pid),
      url: '',
      host: config.host,
      port: config.port,
      processes: {},
    };
    let announced = false;
    const noteProcesses = async () => {
      if (!announced) return;
      run.processes = Object.fromEntries(services.map((service) => [service.name, service.pid() ?? 0]));
      await writeRunFile(config.dataDir, run);
    };

    /** Keeps one of our own processes up; a restart shows in run.json. */
    const node = async <Info>(name: string, settings: () => unknown, onInfo: (info: Info) => void) => {
      const service = await supervise({
        name,
        log,
        start: () => startNodeService<Info>({ entry: name, settings: settings(), logFile: logFile(name) }),
        onStart: ({ info }) => {
          onInfo(info);
          void noteProcesses();
        },
      });
      services.push(service);
    };

    const startDefinitions = async () => {
      if (config.databaseUrl) return config.databaseUrl;
      await node<DefinitionsInfo>(
        'definitions',
        () => ({ dataDir: paths.definitions, port: run.definitions?.port ?? config.definitionsPort }),
        ({ connectionString, port, repaired }) => {
          run.definitions = { connectionString, port };
          if (repaired) log(repaired);
        },
      );
      return run.definitions?.connectionString ?? '';
    };

    const onEngine = ({ url, httpPort, tcpPort }: EmbeddedClickHouse) => {
      run.clickhouse = { url, httpPort, tcpPort };
      void noteProcesses();
    };
    const [connectionString, warehouse] = await Promise.all([
      startDefinitions(),
      startWarehouse({ config, credentials, logFile: logFile('clickhouse'), log, onEngine }),
    ]);
    if (warehouse.service) services.push(warehouse.service);
    const prepared = await prepareDefinitions({ connectionString, isLoopback: config.isLoopback });
    const outlook = createOutlook({ config, credentials, version, prepared });

    const server: ServerSettings = {
      host: config.host,
      port: config.port,
      extraPorts: config.port === DEFAULT_PORT ? EXTRA_PORTS : [],
      isLoopback: config.isLoopback,
      spool: { folder: paths.spool, quotaBytes: config.spoolQuotaBytes },
      limits: { maxEventBytes: config.maxEventBytes, maxBatchBytes: config.maxBatchBytes },
      trustedHops: config.trustedHops,
      definitions: { connectionString, snapshotFile: paths.snapshot },
      projectId: prepared.projectId,
      warehouse: warehouse.access.admin,
      reader: warehouse.access.reader,
      adminToken: outlook.adminToken,
      info: {
        writeKey: outlook.writeKey,
        publicUrl: outlook.url,
        version,
        dataDir: config.dataDir,
      },
    };
    const loader: LoaderSettings = {
      spoolFolder: paths.spool,
      stateFolder: paths.loader,
      warehouse: warehouse.access.admin,
    };
    const settled = await Promise.allSettled([
      node<ServerInfo>(
        'server',
        () => server,
        () => {},
      ),
      node(
        'loader',
        () => loader,
        () => {},
      ),
    ]);
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
    announced = true;
    run.url = outlook.url;
    await noteProcesses();
    return { outlook, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
