import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DATABASE } from '../database.ts';
import { packageFile } from '../package-files.ts';
import { EmbeddedStartError } from './embedded-errors.ts';
import { findEmbeddedLibrary } from './find-library.ts';
import { findFreePort } from './free-port.ts';
import { ADMIN_USER, writeEmbeddedConfig } from './write-config.ts';

/** What the embedded ClickHouse is started with. */
export interface EmbeddedClickHouseOptions {
  /** ClickHouse's own folder; made if it is missing. */
  dataDir: string;
  /** The wanted ports; the next free one is taken where one is not, any where it is 0. @default 0 */
  httpPort?: number;
  tcpPort?: number;
  /** The address to listen on. @default '127.0.0.1' */
  host?: string;
  adminPassword: string;
  readerPassword: string;
  /** The most memory that ClickHouse may hold, in bytes. @default 1.5 GB */
  maxMemoryBytes?: number;
  /** ClickHouse's own log, warnings and worse. @default `<dataDir>/clickhouse.log` */
  logFile?: string;
  /** More variables for the process; of this one's it gets only the harmless. A query may read them. */
  env?: NodeJS.ProcessEnv;
  /** How long it may take to answer, in milliseconds. @default 30000 */
  startTimeoutMs?: number;
}

/** A running embedded ClickHouse. */
export interface EmbeddedClickHouse {
  url: string;
  httpPort: number;
  tcpPort: number;
  pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends the process and resolves when it is gone. */
  stop(): Promise<void>;
}

const DEFAULT_MEMORY_BYTES = 1_500_000_000;
const START_TRIES = 5;
const POLL_MS = 20;
const STOP_TIMEOUT_MS = 10_000;
/** Ends only with the process: ClickHouse listens for as long as the query of its command line runs. */
const LISTEN = [
  'SYSTEM START LISTEN HTTP',
  'SYSTEM START LISTEN TCP',
  'SELECT sleepEachRow(3) FROM system.numbers SETTINGS function_sleep_max_microseconds_per_block=0, max_block_size=1, max_execution_time=0 FORMAT Null',
].join('; ');

/**
 * Starts ClickHouse as a child process that listens on `host` and ends with this process, even if that is killed.
 * Resolves when it has answered as the administrator and the database exists. Ctrl-C does not reach it: call `stop`.
 * @throws EmbeddedUnavailableError where the platform has no library; EmbeddedStartError when it does not come up.
 */
export async function startEmbeddedClickHouse(given: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const options = { ...given, dataDir: resolve(given.dataDir) };
  const library = findEmbeddedLibrary({ ...process.env, ...options.env });
  const taken: number[] = [];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options, library, taken);
    } catch (error) {
      const portLost = error instanceof EmbeddedStartError && error.code === 'port_in_use';
      if (!portLost || attempt >= START_TRIES) throw error;
    }
  }
}

async function startOnce(
  options: EmbeddedClickHouseOptions,
  library: string,
  taken: number[],
): Promise<EmbeddedClickHouse> {
  const host = options.host ?? '127.0.0.1';
  const httpPort = await findFreePort(options.httpPort ?? 0, host, taken);
  const tcpPort = await findFreePort(options.tcpPort ?? 0, host, [...taken, httpPort]);
  taken.push(httpPort, tcpPort);
  const instance = randomUUID();
  const logFile = resolve(options.logFile ?? join(options.dataDir, 'clickhouse.log'));
  await mkdir(dirname(logFile), { recursive: true });
  const { configFile } = await writeEmbeddedConfig({
    dataDir: options.dataDir,
    host,
    instance,
    adminPassword: options.adminPassword,
    readerPassword: options.readerPassword,
    maxMemoryBytes: options.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
    logFile,
  });
  const args = [
    packageFile('embedded/child.mjs'),
    JSON.stringify({ parentPid: process.pid, library, writable: [options.dataDir, dirname(logFile)] }),
    'clickhouse',
    `--path=${join(options.dataDir, 'store')}`,
    `--http_port=${httpPort}`,
    `--tcp_port=${tcpPort}`,
    `--listen_host=${host}`,
    `--config-file=${configFile}`,
    '--send_logs_level=warning',
    '--query',
    LISTEN,
  ];
  // A session of its own, so that Ctrl-C in the terminal does not end it before those who still write to it.
  const child = spawn(process.execPath, args, {
    cwd: options.dataDir,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: childEnvironment(options.env),
  });
  const output = collectTail(child);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${httpPort}`;
  const stop = () => stopChild(child, exited);
  try {
    await ready({
      url,
      instance,
      password: options.adminPassword,
      timeoutMs: options.startTimeoutMs ?? 30_000,
      exited,
      output,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, httpPort, tcpPort, pid: child.pid ?? 0, exited, stop };
}

/** A query can read the process's environment, so none of our secrets goes there. */
function childEnvironment(given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|LANG|LC_.*|TZ|TMPDIR|CHDB_.*)$/.test(name),
  );
  return { ...Object.fromEntries(kept), ...given };
}

interface ReadyOptions {
  url: string;
  instance: string;
  password: string;
  timeoutMs: number;
  exited: Promise<unknown>;
  output: () => string;
}

async function ready(options: ReadyOptions): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  let gone = false;
  void options.exited.then(() => {
    gone = true;
  });
  const query = (sql: string) =>
    fetch(`${options.url}/?database=system`, {
      method: 'POST',
      body: sql,
      headers: { 'X-ClickHouse-User': ADMIN_USER, 'X-ClickHouse-Key': options.password },
      signal: AbortSignal.timeout(5_000),
    });
  while (Date.now() < deadline) {
    if (gone) throw startError(options.output());
    const answer = await query(`SELECT getMacro('millrace_instance')`).then(
      async (response) => ({ ok: response.ok, text: (await response.text()).trim() }),
      () => undefined,
    );
    if (answer?.ok && answer.text === options.instance) {
      const made = await query(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
      if (!made.ok) throw new EmbeddedStartError('start_failed', await made.text());
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new EmbeddedStartError(
    'start_timeout',
    `The embedded ClickHouse did not answer on ${options.url} within ${options.timeoutMs} ms. ${options.output()}`,
  );
}

function startError(output: string): EmbeddedStartError {
  if (/Cannot lock file|Another server instance/.test(output)) {
    return new EmbeddedStartError('data_dir_in_use', `Another ClickHouse holds the data folder. ${output}`);
  }
  if (/Address already in use/.test(output)) {
    return new EmbeddedStartError('port_in_use', `A port of the embedded ClickHouse was taken. ${output}`);
  }
  return new EmbeddedStartError('start_failed', `The embedded ClickHouse ended at its start. ${output}`);
}

function collectTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4_000);
  });
  return () => tail.trim();
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
