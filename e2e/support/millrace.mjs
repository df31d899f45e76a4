import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_USER, createWarehouseClient, READER_USER } from '@millrace/warehouse-schema';
import { freePorts } from './free-ports.mjs';
import { parentOf } from './parent-of.mjs';

/** The built command. */
export const MAIN = fileURLToPath(new URL('../../packages/cli/bin/millrace.mjs', import.meta.url));
const START_MS = 120_000;
const STOP_MS = 30_000;
/** The last line that `millrace start` prints when everything runs. */
const LAST_LINE = 'Ctrl-C stops it';

/** @typedef {import('@millrace/warehouse-schema').WarehouseClient} WarehouseClient */

/**
 * All of Millrace as its users run it, over a folder of its own.
 * @typedef {object} Millrace
 * @property {string} url
 * @property {string} writeKey
 * @property {string} output what it printed up to the moment when everything ran
 * @property {number} startMs how long it took until then, in milliseconds
 * @property {NodeJS.ProcessEnv} env what another command needs to find it
 * @property {(user?: 'admin' | 'reader') => Promise<WarehouseClient>} warehouse a client, closed by `stop`
 * @property {(victim: string) => Promise<number | undefined>} pid of the process of that name, if it is running just now
 * @property {(victim: string) => Promise<boolean>} kill SIGKILL to the process of that name; false if it is not running just now
 * @property {() => Promise<string>} definitionsUrl where its definitions are
 * @property {() => Promise<void>} stop as Ctrl-C does; rejects if that does not end well; may be called twice
 */

/**
 * Settings for a Millrace over `dataDir` on free ports.
 * @param {string} dataDir
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function freshEnv(dataDir) {
  const [port, http, tcp, definitions] = await freePorts(4);
  return {
    ...process.env,
    PORT: String(port),
    MILLRACE_DATA: dataDir,
    MILLRACE_CLICKHOUSE_HTTP_PORT: String(http),
    MILLRACE_CLICKHOUSE_TCP_PORT: String(tcp),
    MILLRACE_DEFINITIONS_PORT: String(definitions),
  };
}

/**
 * Runs the built `millrace start` and resolves once everything runs. What it prints is kept in `start.log`.
 * @param {{ dataDir: string, env?: NodeJS.ProcessEnv, settings?: NodeJS.ProcessEnv, args?: string[], main?: string }} options without `env`, free ports are taken; `settings` are added to it; `args` follow `start`; `main` is another copy of the command
 * @returns {Promise<Millrace>}
 */
export async function startMillrace({ dataDir, env: given, settings = {}, args = [], main = MAIN }) {
  const env = { ...(given ?? (await freshEnv(dataDir))), ...settings };
  const begun = performance.now();
  const child = spawn(process.execPath, [main, 'start', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const exited = once(child, 'exit');
  // A test that is broken off leaves nothing behind.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  exited.then(() => process.off('exit', end)).catch(() => {});
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const logFile = join(dataDir, 'start.log');
  const output = await printed(child, logFile, exited);
  const startMs = performance.now() - begun;
  const runFile = join(env.MILLRACE_DATA ?? dataDir, runFileName(args));
  /** @type {WarehouseClient[]} */
  const clients = [];

  const pidOf = async (/** @type {string} */ victim) => {
    const pid = (await readJson(runFile)).processes[victim];
    // A pid of a process that is gone may belong to somebody else by now.
    return pid === undefined || parentOf(pid) !== child.pid ? undefined : pid;
  };

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

  return {
    url: `http://127.0.0.1:${env.PORT}`,
    writeKey: 'wk_demo',
    output,
    startMs,
    env,
    async warehouse(user = 'admin') {
      const { clickhouse } = await readJson(runFile);
      const { clickhouseAdminPassword, clickhouseReaderPassword } = await readJson(
        join(dataDir, 'credentials'),
      );
      const login =
        user === 'admin'
          ? { username: ADMIN_USER, password: clickhouseAdminPassword }
          : { username: READER_USER, password: clickhouseReaderPassword };
      const client = createWarehouseClient({ url: clickhouse.url, ...login });
      clients.push(client);
      return client;
    },
    definitionsUrl: async () => (await readJson(runFile)).definitions.connectionString,
    pid: pidOf,
    async kill(victim) {
      const pid = await pidOf(victim);
      if (pid === undefined) return false;
      process.kill(pid, 'SIGKILL');
      return true;
    },
    stop,
  };
}

/**
 * Resolves with what the child has printed once it has printed its last line; rejects if it ends before.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} logFile
 * @param {Promise<unknown>} exited
 * @returns {Promise<string>}
 */
function printed(child, logFile, exited) {
  const log = createWriteStream(logFile, { flags: 'a' });
  let text = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`millrace start was not ready within ${START_MS / 1000} s; see ${logFile}`));
    }, START_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
        log.write(part);
        text += part;
        if (!text.includes(LAST_LINE)) return;
        clearTimeout(timer);
        resolve(text);
      });
    }
    void exited.then(() => {
      clearTimeout(timer);
      reject(new Error(`millrace start ended at once: ${text}`));
    });
  });
}

/** @param {readonly string[]} args */
function runFileName(args) {
  const only = args.indexOf('--only');
  return only < 0 ? 'run.json' : `run.${args[only + 1]?.replaceAll(',', '-')}.json`;
}

/** @param {string} path */
async function readJson(path) {
  return JSON.parse(await readFile(path, 'utf8'));
}
