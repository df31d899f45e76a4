import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ADMIN_USER, createWarehouseClient } from '@millrace/warehouse-schema';
import { parentOf } from './parent-of.mjs';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const START_MS = 60_000;
const STOP_MS = 30_000;

/** @typedef {import('@millrace/warehouse-schema').WarehouseClient} WarehouseClient */

/**
 * All of Millrace as its users run it, over a folder of its own.
 * @typedef {object} Millrace
 * @property {string} url
 * @property {string} writeKey
 * @property {() => Promise<WarehouseClient>} warehouse a client for the administrator, closed by `stop`
 * @property {(victim: import('./kills.mjs').Victim) => Promise<boolean>} kill SIGKILL; false if it is not running just now
 * @property {() => Promise<void>} stop as Ctrl-C does; rejects if that does not end well; may be called twice
 */

/**
 * Runs the built `millrace start` on free ports and resolves once it is ready.
 * @param {{ dataDir: string }} options
 * @returns {Promise<Millrace>}
 */
export async function startMillrace({ dataDir }) {
  const [port, http, tcp, definitions] = await freePorts(4);
  const child = spawn(process.execPath, [MAIN, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      MILLRACE_DATA: dataDir,
      MILLRACE_CLICKHOUSE_HTTP_PORT: String(http),
      MILLRACE_CLICKHOUSE_TCP_PORT: String(tcp),
      MILLRACE_DEFINITIONS_PORT: String(definitions),
    },
  });
  const logFile = join(dataDir, 'start.log');
  const output = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(output);
  child.stderr.pipe(output);
  const exited = once(child, 'exit');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const url = `http://127.0.0.1:${port}`;
  /** @type {WarehouseClient[]} */
  const clients = [];

  const stop = async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    if (hasEnded()) return;
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    const [code, signal] = await exited;
    clearTimeout(timer);
    if (code !== 0)
      throw new Error(`millrace start did not stop in order: ${signal ?? `code ${code}`}; see ${logFile}`);
  };

  try {
    await ready(url, hasEnded);
  } catch (error) {
    await stop().catch(() => {});
    throw new Error(`${error}; see ${logFile}`);
  }

  return {
    url,
    writeKey: 'wk_demo',
    async warehouse() {
      const { clickhouse } = await readJson(join(dataDir, 'run.json'));
      const { clickhouseAdminPassword } = await readJson(join(dataDir, 'credentials'));
      const connection = { url: clickhouse.url, username: ADMIN_USER, password: clickhouseAdminPassword };
      const client = createWarehouseClient(connection);
      clients.push(client);
      return client;
    },
    async kill(victim) {
      const pid = (await readJson(join(dataDir, 'run.json'))).processes[victim];
      // A pid of a process that is gone may belong to somebody else by now.
      if (pid === undefined || parentOf(pid) !== child.pid) return false;
      process.kill(pid, 'SIGKILL');
      return true;
    },
    stop,
  };
}

/**
 * @param {string} url
 * @param {() => boolean} hasEnded
 */
async function ready(url, hasEnded) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (hasEnded()) throw new Error('millrace start ended at once');
    const isReady = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  throw new Error(`millrace start was not ready within ${START_MS / 1000} s`);
}

/** @param {string} path */
async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}

/**
 * Ports that are free now, and below those that systems hand out to outgoing connections: one of these could
 * take a server's port while the server is dead.
 * @param {number} count
 */
async function freePorts(count) {
  /** @type {Set<number>} */
  const ports = new Set();
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
