#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../e2e/support/free-ports.mjs';
import { help } from '../lib/run.mjs';
import { endsWithParent, findPostgres, postgresUser } from './find-postgres.mjs';

const READY_MS = 30_000;

/**
 * Starts a real PostgreSQL on a free loopback port with a folder of its own, a password and `wal_level=logical`; its
 * one user `millrace` is superuser. It ends with this process. `kill` ends it as a crash would, `restart` starts it
 * again over the same data and port, `stop` ends it and removes the folder.
 * @param {{settings?: Record<string, string>}} [options] more lines of postgresql.conf
 * @returns {Promise<import('./postgres.mjs').PostgresService>}
 */
export async function startPostgres({ settings = {} } = {}) {
  const bin = findPostgres();
  if (!bin) throw new Error('there is no PostgreSQL on this machine; on Debian: apt-get install postgresql');
  const user = postgresUser(readFileSync('/etc/passwd', 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
  const data = join(folder, 'data');
  const logFile = join(folder, 'postgres.log');
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  writeFileSync(logFile, '');
  if (user) for (const path of [folder, data, passwordFile, logFile]) chownSync(path, user.uid, user.gid);
  const remove = () => rmSync(folder, { recursive: true, force: true });

  try {
    await finished(
      start(
        [join(bin, 'initdb'), '-D', data, '-U', 'millrace', '-A', 'scram-sha-256', '-E', 'UTF8'].concat([
          '--locale=C.UTF-8',
          '--no-sync',
          '--pwfile',
          passwordFile,
        ]),
        { user, logFile },
      ),
      logFile,
    );
  } catch (error) {
    remove();
    throw error;
  }
  const [port = 0] = await freePorts(1);
  const lines = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    wal_level: 'logical',
    max_wal_senders: '4',
    shared_buffers: '16MB',
    ...settings,
  };
  const command = [join(bin, 'postgres'), '-D', data].concat(
    Object.entries(lines).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  );
  let server = start(command, { user, logFile });

  const end = async (signal) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  const service = {
    url: `postgres://millrace:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: server.pid ?? 0,
    logFile,
    kill: end,
    async restart() {
      // A crash leaves the file that tells a second server to stay away, and children that end on their own.
      for (let tries = 50; ; tries -= 1) {
        server = start(command, { user, logFile });
        service.pid = server.pid ?? 0;
        if (await answers(server, port, join(data, 'postmaster.pid'))) return;
        if (tries === 0) throw new Error(`PostgreSQL does not start again:\n${tail(logFile)}`);
        await delay(100);
      }
    },
    async stop() {
      await end('SIGINT');
      remove();
    },
  };
  if (await answers(server, port, join(data, 'postmaster.pid'))) return service;
  const reason = tail(logFile);
  await service.stop();
  throw new Error(`PostgreSQL did not start:\n${reason}`);
}

function start(command, { user, logFile }) {
  const [file = '', ...args] = [...endsWithParent(), ...command];
  const child = spawn(file, args, {
    ...user,
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const note = (/** @type {Buffer} */ text) => {
    try {
      writeFileSync(logFile, text, { flag: 'a' });
    } catch {
      // The folder is gone: so is who would read it.
    }
  };
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  child.on('error', (error) => note(Buffer.from(`${error}\n`)));
  return child;
}

async function finished(child, logFile) {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${child.spawnfile} failed:\n${tail(logFile)}`);
}

/** Whether the server, and none else, takes connections; false once it has ended. */
async function answers(server, port, pidFile) {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && server.exitCode === null && server.signalCode === null) {
    if (isReady(pidFile, server.pid) && (await connects(port))) return true;
    await delay(50);
  }
  return false;
}

/** Line 1 of the file is the process, line 8 says what it does. */
function isReady(pidFile, pid) {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function connects(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

function tail(file) {
  return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  help(`
node scripts/services/postgres.mjs

Starts a real PostgreSQL with an empty folder on a free port, prints its DATABASE_URL, and removes it at Ctrl-C.
`);
  const service = await startPostgres();
  console.log(`DATABASE_URL=${service.url}`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void service.stop().then(() => process.exit(0)));
  }
}
