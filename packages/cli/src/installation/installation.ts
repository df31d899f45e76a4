import { access } from 'node:fs/promises';
import {
  createDefinitionsStore,
  type DefinitionsStore,
  type FolderLock,
  FolderLockedError,
  folderOwner,
  lockFolder,
  openEmbeddedDefinitions,
} from '@millrace/definitions';
import { ADMIN_USER, READER_USER, startEmbeddedClickHouse } from '@millrace/warehouse-schema';
import { CommandError } from '../command.ts';
import type { Config } from '../config/read-config.ts';
import { ensureCredentials } from '../data-dir/credentials.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import { type RunFile, readRunFile } from '../data-dir/run-file.ts';
import { kafkaConnection } from '../start/kafka-connection.ts';
import { PARTS, type Part } from '../start/parts.ts';
import { externalWarehouse } from './external-warehouse.ts';
import type { WarehouseAccess } from './warehouse-access.ts';

/** The parts of one Millrace, for a command: those of the running server, else opened for the command alone. */
export interface Installation {
  config: Config;
  /** What runs over the data folder, if anything does. */
  run: RunFile | undefined;
  /** Where the warehouse is. Starts the embedded one where no server runs. */
  warehouse(): Promise<WarehouseAccess>;
  /** The definitions. Opens the embedded ones where no server runs. */
  definitions(): Promise<DefinitionsStore>;
  /** Where the definitions are, for one who connects on his own. */
  definitionsUrl(): Promise<string>;
}

/** How an installation is entered. */
export interface InstallationOptions {
  config: Config;
  /** Make the data folder if it is missing, rather than say so. @default false */
  create?: boolean;
  log: (line: string) => void;
}

/**
 * Lends an installation to `use` and closes what was opened for it. While nothing runs over the data folder,
 * it is locked for the time. Throws `CommandError` where there is no data, or the folder is in other hands.
 */
export async function withInstallation<T>(
  { config, create = false, log }: InstallationOptions,
  use: (installation: Installation) => Promise<T>,
): Promise<T> {
  const paths = dataPaths(config.dataDir);
  const run = await readRunFile(config.dataDir);
  if (!create && !run) await requireData(paths.root);
  const closers: (() => Promise<unknown>)[] = [];

  const lock = once(async () => {
    const held = await lockDataFolder(config.dataDir);
    closers.push(() => held.release());
  });

  const warehouse = once(async (): Promise<WarehouseAccess> => {
    if (config.clickhouseUrl) return externalWarehouse(config.clickhouseUrl, config.clickhouseReaderUrl);
    if (run && !run.clickhouse) throw differs('CLICKHOUSE_URL');
    const { credentials } = await ensureCredentials(config.dataDir);
    const { clickhouseAdminPassword: adminPassword, clickhouseReaderPassword: readerPassword } = credentials;
    const url = run?.clickhouse?.url ?? (await startWarehouse(adminPassword, readerPassword));
    return {
      admin: { url, username: ADMIN_USER, password: adminPassword },
      reader: { url, username: READER_USER, password: readerPassword },
    };
  });

  async function startWarehouse(adminPassword: string, readerPassword: string): Promise<string> {
    await lock();
    const kafka = await kafkaConnection(config);
    const engine = await startEmbeddedClickHouse({
      dataDir: paths.clickhouse,
      httpPort: config.clickhouseHttpPort,
      tcpPort: config.clickhouseTcpPort,
      adminPassword,
      readerPassword,
      maxMemoryBytes: config.clickhouseMemoryBytes,
      kafkaCa: kafka?.tls?.ca,
    });
    closers.push(() => engine.stop());
    return engine.url;
  }

  const definitionsUrl = once(async () => {
    if (config.databaseUrl) return config.databaseUrl;
    if (run) {
      if (!run.definitions) throw differs('DATABASE_URL');
      return run.definitions.connectionString;
    }
    await lock();
    const opened = await openEmbeddedDefinitions({
      dataDir: paths.definitions,
      port: config.definitionsPort,
      log,
    });
    closers.push(() => opened.close());
    return opened.connectionString;
  });

  const definitions = once(async () => {
    const store = createDefinitionsStore({ connectionString: await definitionsUrl() });
    closers.push(() => store.close());
    return store;
  });

  try {
    return await use({ config, run, warehouse, definitions, definitionsUrl });
  } finally {
    await closeAll(closers);
  }
}

/** Closes in reverse order, all of them whatever fails; then throws the first failure. */
async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of [...closers].reverse()) await close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/**
 * Locks the data folder for this process, or only the given parts of it. Throws `CommandError` where another process
 * has it.
 */
export async function lockDataFolder(dataDir: string, parts?: readonly Part[]): Promise<FolderLock> {
  await ensureCredentials(dataDir);
  const paths = dataPaths(dataDir);
  const held: FolderLock[] = [];
  const release = async () => {
    for (const lock of held.splice(0).reverse()) await lock.release();
  };
  try {
    // Who has all of it is there for the parts, too; who has a part, only for all.
    if (parts) await refuseOwner(paths.lock);
    else held.push(await lockFolder(paths.lock));
    for (const part of parts ?? PARTS) held.push(await lockFolder(paths.partLock(part)));
    return { release };
  } catch (error) {
    await release();
    if (!(error instanceof FolderLockedError)) throw error;
    throw new CommandError(
      `${dataDir} is in use by process ${error.pid}, which is starting, stopping or runs another command: try again when it is done`,
    );
  }
}

async function refuseOwner(file: string): Promise<void> {
  const owner = await folderOwner(file);
  if (owner !== undefined) throw new FolderLockedError(file, owner);
}

async function requireData(folder: string): Promise<void> {
  await access(folder).catch(() => {
    throw new CommandError(
      `there is no data in ${folder}: start Millrace first, or name its folder with --data or MILLRACE_DATA`,
    );
  });
}

function differs(variable: string): CommandError {
  return new CommandError(`the running server was started with ${variable}: set it for this command as well`);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
