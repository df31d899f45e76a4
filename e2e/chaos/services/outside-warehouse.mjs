import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ADMIN_USER,
  createWarehouseClient,
  READER_USER,
  startEmbeddedClickHouse,
} from '@millrace/warehouse-schema';

/** @typedef {import('@millrace/warehouse-schema').WarehouseClient} WarehouseClient */

/**
 * A ClickHouse that is not Millrace's own, and is started again whenever it ends.
 * @typedef {object} OutsideWarehouse
 * @property {string} url
 * @property {(url: string, user: 'admin' | 'reader') => string} login the same server with a login in its URL, by way of `url`
 * @property {WarehouseClient} client as administrator
 * @property {() => number | undefined} pid undefined while it is not running
 * @property {() => boolean} kill SIGKILL; false if it is not running just now
 * @property {() => Promise<void>} ready resolves once it answers
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ dataDir: string, env?: NodeJS.ProcessEnv | undefined, downMs: () => number }} options `downMs` says how long
 *   it stays away after it ended
 * @returns {Promise<OutsideWarehouse>}
 */
export async function startOutsideWarehouse({ dataDir, env = {}, downMs }) {
  const passwords = { admin: randomBytes(12).toString('hex'), reader: randomBytes(12).toString('hex') };
  const start = (httpPort = 0, tcpPort = 0) =>
    startEmbeddedClickHouse({
      dataDir,
      httpPort,
      tcpPort,
      adminPassword: passwords.admin,
      readerPassword: passwords.reader,
      env,
    });
  /** @type {import('@millrace/warehouse-schema').EmbeddedClickHouse | undefined} */
  let running = await start();
  const { url, httpPort, tcpPort } = running;
  let isStopped = false;

  async function keep() {
    while (!isStopped) {
      await running?.exited;
      running = undefined;
      if (isStopped) return;
      await sleep(downMs());
      if (isStopped) return;
      running = await start(httpPort, tcpPort);
      if (running.url !== url) throw new Error(`the port of ${url} was taken while ClickHouse started again`);
    }
  }
  const kept = keep();
  const client = createWarehouseClient({ url, username: ADMIN_USER, password: passwords.admin });

  return {
    url,
    login(through, user) {
      const name = user === 'admin' ? ADMIN_USER : READER_USER;
      return through.replace('//', `//${name}:${passwords[user]}@`);
    },
    client,
    pid: () => running?.pid,
    kill() {
      if (!running) return false;
      try {
        process.kill(running.pid, 'SIGKILL');
        return true;
      } catch {
        return false;
      }
    },
    async ready() {
      while (!(await client.query('SELECT 1').catch(() => undefined))) await sleep(50);
    },
    async stop() {
      isStopped = true;
      await client.close();
      await running?.stop();
      await kept;
    },
  };
}
