import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { snapshotName } from '@millrace/definitions';
import type { Config } from '../config/read-config.ts';
import { ensureCredentials } from '../data-dir/credentials.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { removeRunFile } from '../data-dir/run-file.ts';
import { lockDataFolder } from '../installation/installation.ts';
import type { WarehouseAccess } from '../installation/warehouse-access.ts';
import type { DefinitionsInfo, DefinitionsSettings } from '../processes/definitions.ts';
import type { LoaderInfo, LoaderSettings } from '../processes/loader.ts';
import type { ServerSettings } from '../processes/server.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { kafkaConnection } from './kafka-connection.ts';
import { logSettings } from './log-settings.ts';
import { describeMovedPorts } from './moved-ports.ts';
import { createOutlook, type Outlook } from './outlook.ts';
import { PARTS, type Part, requireEngines } from './parts.ts';
import { prepareDefinitions } from './prepare-definitions.ts';
import { startDictionaries } from './start-dictionaries.ts';
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
  /** Only these parts, over engines outside. @default all, with what they need */
  only?: readonly Part[] | undefined;
  /** One line for the person at the terminal. */
  log: (line: string) => void;
  /** Gives up the start, and ends what was started. */
  signal?: AbortSignal | undefined;
}

/** The seed's separate services, which all answer on the one server. */
const EXTRA_PORTS = [3501, 3502, 3503, 3504];
const DEFAULT_PORT = 3500;

/**
 * Starts every process of Millrace over the data folder of `config`, which is locked for the time, and
 * resolves when the server answers and the loader loads. What was started is stopped again if a part fails, or
 * `signal` aborts.
 */
export async function startMillrace(options: StartOptions): Promise<RunningMillrace> {
  const { config, only, signal } = options;
  // What fails because it is being stopped is no news.
  const log = (line: string) => signal?.aborted || options.log(line);
  if (only) requireEngines(config);
  const paths = dataPaths(config.dataDir);
  const lock = await lockDataFolder(config.dataDir, only);
  // One that a crash left behind would say that the parts are ready.
  if (only) await removeRunFile(paths.partsRun(only));
  const fleet = createFleet(config, { log, signal, runFile: only ? paths.partsRun(only) : paths.run });
  const stop = async () => {
    await fleet.stop();
    await lock.release();
  };
  try {
    return { outlook: await startAll({ ...options, log }, fleet), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(options: StartOptions, fleet: Fleet): Promise<Outlook> {
  const { config, version, log, signal, only: parts = PARTS } = options;
  const paths = dataPaths(config.dataDir);
  const { credentials } = await ensureCredentials(config.dataDir);
  for (const folder of [paths.logs, paths.spool, paths.loader]) await mkdir(folder, { recursive: true });

  const [connectionString, access] = await all([
    startDefinitions(config, fleet, log),
    startWarehouse({ config, credentials, fleet, log, migrates: parts.includes('loader') }),
  ]);
  const snapshotFile = config.databaseUrl
    ? join(paths.definitions, snapshotName(config.databaseUrl))
    : paths.snapshot;
  const definitions = { connectionString, snapshotFile, follow: config.databaseUrl !== undefined };
  signal?.throwIfAborted();
  for (const line of describeMovedPorts(config, fleet.run)) log(line);
  const prepared = await prepareDefinitions({
    ...definitions,
    isLoopback: config.isLoopback,
    isOutside: config.databaseUrl !== undefined,
    log,
  });
  if (parts.includes('loader')) await startDictionaries({ config, connectionString, access, log });
  signal?.throwIfAborted();
  const outlook = createOutlook({ parts, config, credentials, version, prepared });
  fleet.run.url = outlook.url;
  if (!options.only) await fleet.publish();

  const serves = parts.filter((part) => part !== 'loader');
  const server = serverSettings({
    serves,
    config,
    definitions,
    access,
    outlook,
    projectId: prepared.projectId,
    eventLog: await logSettings(config),
  });
  const kafka = await kafkaConnection(config);
  const loader = (): LoaderSettings => ({
    spoolFolder: paths.spool,
    stateFolder: paths.loader,
    warehouse: access.admin,
    timezones: config.timezones,
    kafka,
    http: {
      host: config.host,
      // After a crash the same port again: others may look there.
      port: fleet.run.loader?.port ?? config.loaderPort,
      isLoopback: config.isLoopback,
      adminToken: outlook.adminToken,
    },
  });
  await all([
    serves.length > 0 ? fleet.keepNode('server', () => server) : undefined,
    parts.includes('loader')
      ? fleet.keepNode<LoaderInfo>('loader', loader, (info) => {
          if (!fleet.run.loader) for (const line of describeMovedPorts(config, { loader: info })) log(line);
          fleet.run.loader = info;
        })
      : undefined,
  ]);
  signal?.throwIfAborted();
  // For who looks whether a part runs: there once it is ready.
  if (options.only) await fleet.publish();
  return outlook;
}

/** Like Promise.all, but waits for all of them before it rejects: what is half started cannot be stopped. */
async function all<T extends readonly unknown[]>(
  tasks: readonly [...{ [K in keyof T]: Promise<T[K]> | T[K] }],
) {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}

/** Resolves with where the definitions are. */
async function startDefinitions(config: Config, fleet: Fleet, log: StartOptions['log']): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  const settings = (): DefinitionsSettings => ({
    dataDir: dataPaths(config.dataDir).definitions,
    // After a crash the same port again: the others hold on to it.
    port: fleet.run.definitions?.port ?? config.definitionsPort,
  });
  await fleet.keepNode<DefinitionsInfo>('definitions', settings, ({ connectionString, port, repaired }) => {
    fleet.run.definitions = { connectionString, port };
    if (repaired) log(repaired);
  });
  return fleet.run.definitions?.connectionString ?? '';
}

function serverSettings(parts: {
  serves: ServerSettings['serves'];
  config: Config;
  definitions: ServerSettings['definitions'];
  access: WarehouseAccess;
  outlook: Outlook;
  projectId: number;
  eventLog: ServerSettings['log'];
}): ServerSettings {
  const { serves, config, definitions, access, outlook, projectId } = parts;
  const { url: publicUrl, writeKey, version, dataDir, adminToken } = outlook;
  return {
    serves,
    host: config.host,
    port: config.port,
    extraPorts: config.port === DEFAULT_PORT ? EXTRA_PORTS : [],
    isLoopback: config.isLoopback,
    log: parts.eventLog,
    limits: { maxEventBytes: config.maxEventBytes, maxBatchBytes: config.maxBatchBytes },
    trustedHops: config.trustedHops,
    definitions,
    projectId,
    warehouse: access.admin,
    reader: access.reader,
    adminToken,
    webhookHosts: config.webhookHosts ?? [],
    info: { writeKey, publicUrl, version, dataDir },
  };
}
