import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startKafka } from '../../scripts/services/kafka.mjs';
import { startMillrace } from '../support/millrace.mjs';
import { startOutsideWarehouse } from './services/outside-warehouse.mjs';
import { createShiftedClock } from './services/shifted-clock.mjs';
import { mountSmallDisk } from './services/small-disk.mjs';
import { startWarehouseProxy } from './services/warehouse-proxy.mjs';

/** The spool keeps 512 MB of a disk in reserve. */
const DISK_MB = 768;

/** @typedef {import('../support/millrace.mjs').Millrace} Millrace */
/** @typedef {import('@millrace/warehouse-schema').WarehouseClient} WarehouseClient */

/**
 * What a run is made of.
 * @typedef {object} Setup
 * @property {'spool' | 'kafka'} log
 * @property {1 | 3} [brokers] with Kafka; 1 unless said
 * @property {1 | 2} [loaders] two with Kafka and a warehouse outside; 1 unless said
 * @property {'embedded' | 'outside'} warehouse outside, each loader reaches ClickHouse through a proxy
 */

/**
 * All of Millrace over a data folder of its own, with handles for all that can go wrong.
 * @typedef {object} Product
 * @property {() => Millrace} main the one that takes events; another one after a restart
 * @property {() => Millrace | undefined} second a second loader
 * @property {(isThere: boolean) => Promise<void>} setSecond starts it, or stops it in order; nothing if it is so already
 * @property {() => Millrace[]} loaders all that hold a loader
 * @property {import('./services/warehouse-proxy.mjs').WarehouseProxy[]} proxies one a loader, none before the embedded ClickHouse
 * @property {import('./services/outside-warehouse.mjs').OutsideWarehouse | undefined} outside
 * @property {import('../../scripts/services/kafka.mjs').RunningKafka | undefined} kafka
 * @property {import('./services/small-disk.mjs').SmallDisk | undefined} disk that of the spool, or of the buffer before Kafka
 * @property {import('./services/shifted-clock.mjs').ShiftedClock | undefined} clock that of all processes but Kafka's
 * @property {() => Promise<number | undefined>} clickHousePid
 * @property {() => Promise<boolean>} killClickHouse
 * @property {() => Promise<WarehouseClient>} warehouse a client around all proxies, closed with what it reaches
 * @property {() => Promise<void>} restart all of it stopped in order, as by Ctrl-C, and started again
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ setup: Setup, dataDir: string, random: import('./random.mjs').Random }} options
 * @returns {Promise<Product>}
 */
export async function startProduct({ setup: { log, brokers = 1, loaders = 1, warehouse }, dataDir, random }) {
  /** @type {(() => Promise<unknown>)[]} */
  const closers = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const kafka = log === 'kafka' ? await startKafka({ brokers }) : undefined;
    if (kafka) closers.push(() => kafka.stop());
    const disk = mountSmallDisk(join(dataDir, kafka ? 'buffer' : 'spool'), DISK_MB);
    if (disk) closers.push(async () => disk.unmount());
    const clock = createShiftedClock(dataDir);
    const outside =
      warehouse === 'outside'
        ? await startOutsideWarehouse({
            dataDir: join(dataDir, 'outside'),
            env: clock?.env,
            downMs: () => random.between(0, 800),
          })
        : undefined;
    if (outside) closers.push(() => outside.stop());
    const proxies = outside
      ? await Promise.all(Array.from({ length: loaders }, () => startWarehouseProxy(outside.url)))
      : [];
    for (const proxy of proxies) closers.push(() => proxy.close());

    /** @param {number} loader */
    const settings = (loader) => ({
      ...clock?.env,
      ...(kafka && { KAFKA_BROKERS: kafka.brokers.join(','), MILLRACE_KAFKA_PACKING: 'lines' }),
      ...(outside && {
        CLICKHOUSE_URL: outside.login(proxies[loader]?.url ?? '', 'admin'),
        MILLRACE_CLICKHOUSE_READER_URL: outside.login(outside.url, 'reader'),
      }),
    });
    const startMain = () => startMillrace({ dataDir, settings: settings(0) });
    async function startSecond() {
      const folder = join(dataDir, 'second');
      await mkdir(folder, { recursive: true });
      const definitions = await main.definitionsUrl();
      return startMillrace({
        dataDir: folder,
        settings: { ...settings(1), DATABASE_URL: definitions },
        args: ['--only', 'loader'],
      });
    }

    let main = await startMain();
    /** @type {Millrace | undefined} */
    let second;
    const change = async (/** @type {boolean} */ isThere) => {
      if (isThere === (second !== undefined)) return;
      const leaving = second;
      second = undefined;
      if (leaving) return leaving.stop();
      await outside?.ready();
      second = await startSecond();
    };
    let changed = Promise.resolve();
    /** One change after the other. @param {boolean} isThere */
    const setSecond = (isThere) => {
      changed = changed.catch(() => {}).then(() => change(isThere));
      return changed;
    };
    const stopAll = async () => {
      await setSecond(false);
      await main.stop();
    };
    closers.push(stopAll);
    if (loaders === 2) await setSecond(true);

    return {
      main: () => main,
      second: () => second,
      setSecond,
      loaders: () => (second ? [main, second] : [main]),
      proxies,
      outside,
      kafka,
      disk,
      clock,
      clickHousePid: async () => (outside ? outside.pid() : main.pid('clickhouse')),
      killClickHouse: async () => (outside ? outside.kill() : main.kill('clickhouse')),
      warehouse: async () => outside?.client ?? main.warehouse(),
      async restart() {
        await stopAll();
        // A start refuses a warehouse that does not answer.
        await outside?.ready();
        main = await startMain();
        if (loaders === 2) await setSecond(true);
      },
      stop: closeAll,
    };
  } catch (error) {
    await closeAll().catch(() => {});
    throw error;
  }
}
