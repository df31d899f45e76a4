// Rows per second of the loader, from the spool into ClickHouse with every view, beside bare INSERTs of the
// same bytes into the same table by the same client (those of this run or of the one before, whichever side
// comes first); medians of the pairs.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createApp,
  createClickHouseWarehouse,
  createLoader,
  createSpool,
  createSpoolReader,
  DEFAULT_LIMITS,
} from '@millrace/collector';
import {
  ADMIN_USER,
  createWarehouseClient,
  migrate,
  startEmbeddedClickHouse,
} from '@millrace/warehouse-schema';
import { makeBodies } from './collector/events.mjs';

const BATCH = 50;
const EVENTS = 100_000;
const PAIRS = 5;

const silent = { info() {}, warn: console.warn, error: console.error };
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Ids that grow with time, as those of SDKs do. */
function withOrderedIds(body) {
  return body.replace(/"messageId":"[^"]*"/g, () => {
    const time = Date.now().toString(16).padStart(12, '0');
    return `"messageId":"${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}"`;
  });
}

async function fillSpool(folder, events, seed) {
  const spool = await createSpool({ folder });
  const app = createApp({
    log: spool,
    projects: { lookup: () => ({ projectId: 1, retentionDays: 365 }) },
    clock: Date.now,
    newId: randomUUID,
    limits: DEFAULT_LIMITS,
    trustedHops: 0,
    logger: silent,
  });
  const bodies = makeBodies(events / BATCH, BATCH, seed).map(withOrderedIds);
  for (let i = 0; i < bodies.length; i += 16) {
    await Promise.all(
      bodies.slice(i, i + 16).map(async (body) => {
        const response = await app.request('/v1/batch', {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', 'x-write-key': 'bench' },
        });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      }),
    );
  }
  await spool.close();
}

/** Loads all that is in the spool; the blocks that were inserted are kept in `blocks`. */
async function load(folder, stateDir, client, blocks) {
  const warehouse = createClickHouseWarehouse(client);
  const loader = createLoader({
    reader: createSpoolReader({ folder }),
    warehouse: {
      ...warehouse,
      insert(table, rows, options) {
        blocks.push({ table, rows });
        return warehouse.insert(table, rows, options);
      },
    },
    stateDir,
    logger: silent,
  });
  const ending = new AbortController();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const running = loader.run(ending.signal);
  if (!(await loader.drain())) throw new Error('the loader ended early');
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  ending.abort();
  await running;
  return { seconds, cpuUs: user + system, totals: loader.status().totals };
}

async function insertBare(client, blocks) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  for (const { table, rows } of blocks) await client.insertRows(table, [rows], { token: randomUUID() });
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, cpuUs: user + system };
}

/** Measures, and returns `{ name, rows }` for the table and the file of results. */
export async function run() {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const adminPassword = randomBytes(12).toString('hex');
  const clickHouse = await startEmbeddedClickHouse({
    dataDir: join(dir, 'clickhouse'),
    adminPassword,
    readerPassword: randomBytes(12).toString('hex'),
  });
  const client = createWarehouseClient({
    url: clickHouse.url,
    username: ADMIN_USER,
    password: adminPassword,
  });
  const [spool, state] = [join(dir, 'spool'), join(dir, 'loader')];
  try {
    await migrate({ client });
    // A loader that has a state compares nothing that it has not begun itself.
    await fillSpool(spool, BATCH, 1);
    await load(spool, state, client, []);
    // Merges of what one side inserted would be paid for by the other.
    await client.command('SYSTEM STOP MERGES');
    const pairs = [];
    let before = [];
    for (let pair = 0; pair <= PAIRS; pair++) {
      await fillSpool(spool, EVENTS, 100 + pair);
      const blocks = [];
      // In turns: whoever comes second finds the machine as the first left it.
      const early = pair % 2 === 0 ? null : await insertBare(client, before);
      const loader = await load(spool, state, client, blocks);
      const bare = early ?? (await insertBare(client, blocks));
      const bytes = blocks.reduce((sum, { rows }) => sum + rows.length, 0);
      // The first pair warms up both.
      if (pair > 0) pairs.push({ loader, bare, bytes });
      before = blocks;
    }
    const [{ count }] = await client.query('SELECT count() AS count FROM events');
    const expected = BATCH + (PAIRS + 1) * EVENTS * 2;
    if (count !== expected) throw new Error(`${count} rows, not ${expected}`);
    const rowOf = (what, side) => ({
      what,
      'rows/s': Math.round(median(pairs.map((pair) => EVENTS / pair[side].seconds))),
      'client CPU us/row': Number(median(pairs.map((pair) => pair[side].cpuUs / EVENTS)).toFixed(2)),
    });
    const share = median(pairs.map(({ loader, bare }) => bare.seconds / loader.seconds));
    return {
      name: 'loader',
      events: EVENTS,
      rowBytes: Math.round(pairs[0].bytes / EVENTS),
      rows: [
        { ...rowOf('bare INSERT, one block at a time', 'bare'), 'of bare': 1 },
        { ...rowOf('loader, from the spool', 'loader'), 'of bare': Number(share.toFixed(2)) },
      ],
    };
  } finally {
    await client.close();
    await clickHouse.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  console.log(`${result.rowBytes} bytes a row, ${result.events} events a run`);
  console.table(result.rows);
}
