import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DATABASE } from '../database.ts';
import { awaitReady } from './await-ready.ts';
import { type Exit, spawnChild } from './embedded-child.ts';
import { EmbeddedStartError } from './embedded-errors.ts';
import { findEmbeddedLibrary } from './find-library.ts';
import { findFreePort } from './free-port.ts';
import { startNativeGuard } from './native-guard.ts';
import { ADMIN_USER, READER_USER, writeEmbeddedConfig } from './write-config.ts';

/** What the embedded ClickHouse is started with. */
export interface EmbeddedClickHouseOptions {
  /** ClickHouse's own folder; made if it is missing. */
  dataDir: string;
  /** The wanted ports; the next free one is taken where one is not, any where it is 0. @default 0 */
  httpPort?: number;
  tcpPort?: number;
  /** A loopback address. @default '127.0.0.1' */
  host?: string;
  adminPassword: string;
  readerPassword: string;
  /** The most memory that ClickHouse may hold, in bytes. At least 600 MB. @default 1 GB */
  maxMemoryBytes?: number;
  /** ClickHouse's own log, warnings and worse. @default `<dataDir>/clickhouse.log` */
  logFile?: string;
  /** More variables for the process; of this one's it gets only the harmless. A query may read them. */
  env?: NodeJS.ProcessEnv;
  /** Certificate authorities (PEM) for the brokers of the Kafka engine, in place of the machine's. */
  kafkaCa?: string | undefined;
  /** More elements of ClickHouse's server configuration, as XML, such as `<remote_servers>`. */
  extraConfig?: string;
  /** How long it may take to answer, in milliseconds. @default 30000 */
  startTimeoutMs?: number;
}

/** A running embedded ClickHouse. */
export interface EmbeddedClickHouse {
  /** ClickHouse's HTTP interface. */
  url: string;
  httpPort: number;
  /** For native clients. */
  tcpPort: number;
  pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  exited: Promise<Exit>;
  /** Ends the process and resolves when it is gone. */
  stop(): Promise<void>;
}

const DEFAULT_MEMORY_BYTES = 1_000_000_000;
const START_TRIES = 5;
const DATABASES = [DATABASE, 'default', 'system', 'information_schema', 'INFORMATION_SCHEMA'];

/**
 * Starts ClickHouse as a child process that listens on loopback and ends with this process, even if that is killed.
 * Resolves when it has answered as the administrator and the database exists. Ctrl-C does not reach it: call `stop`.
 * @throws EmbeddedUnavailableError where the platform has no library; EmbeddedStartError when it does not come up.
 */
export async function startEmbeddedClickHouse(
  options: EmbeddedClickHouseOptions,
): Promise<EmbeddedClickHouse> {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host)) throw new TypeError(`host: expected a loopback address, got ${host}`);
  const library = findEmbeddedLibrary({ ...process.env, ...options.env });
  const taken: number[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce({ ...options, host, dataDir: resolve(options.dataDir) }, library, taken);
    } catch (error) {
      const portLost = error instanceof EmbeddedStartError && error.code === 'port_in_use';
      if (!portLost || attempt >= START_TRIES) throw error;
    }
  }
}

async function startOnce(
  options: EmbeddedClickHouseOptions & { host: string },
  library: string,
  taken: number[],
): Promise<EmbeddedClickHouse> {
  const { dataDir, host, adminPassword, readerPassword } = options;
  const port = async (wanted: number) => {
    const found = await findFreePort(wanted, host, taken);
    taken.push(found);
    return found;
  };
  const httpPort = await port(options.httpPort ?? 0);
  const tcpPort = await port(options.tcpPort ?? 0);
  const innerPort = await port(0);
  const instance = randomUUID();
  const configDir = join(dataDir, 'config', instance);
  const logFile = resolve(options.logFile ?? join(dataDir, 'clickhouse.log'));
  await mkdir(dirname(logFile), { recursive: true });
  const configFile = await writeEmbeddedConfig({
    dataDir,
    configDir,
    instance,
    adminPassword,
    readerPassword,
    maxMemoryBytes: options.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
    logFile,
    kafkaCa: options.kafkaCa,
    extra: options.extraConfig,
  });
  const child = spawnChild({
    library,
    dataDir,
    logDir: dirname(logFile),
    env: options.env,
    args: [
      `--path=${join(dataDir, 'store')}`,
      `--http_port=${httpPort}`,
      `--tcp_port=${innerPort}`,
      `--listen_host=${host}`,
      `--config-file=${configFile}`,
    ],
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${httpPort}`;
  try {
    const timeoutMs = options.startTimeoutMs ?? 30_000;
    await awaitReady({ url, instance, password: adminPassword, timeoutMs, child });
    await dropOtherConfigs(dataDir, instance);
    const users = new Map([
      [ADMIN_USER, adminPassword],
      [READER_USER, readerPassword],
    ]);
    const guard = await startNativeGuard({
      host,
      port: tcpPort,
      targetPort: innerPort,
      users,
      databases: DATABASES,
    });
    void child.exited.then(() => guard.close());
  } catch (error) {
    await child.stop();
    await rm(configDir, { recursive: true, force: true });
    throw isAddressInUse(error) ? new EmbeddedStartError('port_in_use', `Port ${tcpPort} was taken.`) : error;
  }
  return { url, httpPort, tcpPort, pid: child.pid, exited: child.exited, stop: child.stop };
}

/** Each start has a configuration of its own, so that one that fails leaves alone the one that runs. */
async function dropOtherConfigs(dataDir: string, instance: string): Promise<void> {
  const folder = join(dataDir, 'config');
  const others = (await readdir(folder)).filter((name) => name !== instance);
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function isLoopback(host: string): boolean {
  return host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
