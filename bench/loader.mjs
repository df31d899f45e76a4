// Rows per second of the loader, from the spool and from Kafka, beside bare INSERTs, one after the other, of the
// blocks that the spool's loader has made, into the same tables by the same client: with every view, and with that
// of message ids alone, which the loader cannot do without. Medians of the rounds.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ADMIN_USER,
  createWarehouseClient,
  migrate,
  startEmbeddedClickHouse,
} from '@millrace/warehouse-schema';
import { startKafka } from '../scripts/services/kafka.mjs';
import { BATCH, fillKafka, fillSpool } from './loader/fill.mjs';
import { insertBare, loadKafka, loadSpool } from './loader/load.mjs';
import { median, round, spread } from './support/figures.mjs';
import { makeTopics } from './support/kafka-topics.mjs';

const EVENTS = 60_000;
const ROUNDS = 3;
const KEPT_VIEW = 'message_ids_mv';
const SIDES = {
  bare: 'bare INSERT, one block at a time',
  spool: 'loader, from the spool',
  events: 'loader, from Kafka, events',
  lines: 'loader, from Kafka, lines',
};

/** All sides once, `turn` of them first: whoever comes later finds the machine as the others left it. */
async function runOnce(setup, turn) {
  const { client, brokers, folder, stateDir, seed } = setup;
  await fillSpool(folder, EVENTS, seed);
  const blocks = [];
  const found = { spool: await loadSpool({ folder, stateDir, client, blocks }) };
  const others = {
    bare: () => insertBare({ client, blocks }),
    events: () => fromKafka('events', 1),
    lines: () => fromKafka('lines', 2),
  };
  async function fromKafka(packing, offset) {
    await fillKafka(brokers, packing, EVENTS, seed + 1000 * offset);
    return loadKafka({ brokers, client });
  }
  const names = Object.keys(others);
  for (let at = 0; at < names.length; at++) {
    const name = names[(at + turn) % names.length];
    found[name] = await others[name]();
  }
  const bytes = blocks.reduce((sum, { rows }) => sum + rows.length, 0);
  return { ...found, rowBytes: Math.round(bytes / EVENTS) };
}

async function runRounds(setup, firstSeed) {
  const rounds = [];
  for (let turn = 0; turn <= ROUNDS; turn++) {
    const found = await runOnce({ ...setup, seed: firstSeed + turn }, turn);
    // The first warms up all of them.
    if (turn > 0) rounds.push(found);
  }
  return rounds;
}

function rowsOf(views, rounds, peers) {
  return Object.entries(SIDES).map(([side, what]) => {
    const shares = (of) => rounds.map((found, turn) => of[turn].bare.seconds / found[side].seconds);
    return {
      what: `${what}; ${views}`,
      'rows/s': Math.round(median(rounds.map((found) => EVENTS / found[side].seconds))),
      'client CPU us/row': round(median(rounds.map((found) => found[side].cpuUs / EVENTS)), 2),
      'of bare': round(median(shares(rounds)), 2),
      'least to most': spread(shares(rounds), 2),
      'of bare with one view': round(median(shares(peers)), 2),
    };
  });
}

async function dropViews(client) {
  const views = await client.query(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView'",
  );
  for (const { name } of views) if (name !== KEPT_VIEW) await client.command(`DROP VIEW ${name}`);
  return views.length;
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
  const kafka = await startKafka();
  const client = createWarehouseClient({
    url: clickHouse.url,
    username: ADMIN_USER,
    password: adminPassword,
    maxConnections: 24,
  });
  const { brokers } = kafka;
  const setup = { client, brokers, folder: join(dir, 'spool'), stateDir: join(dir, 'loader') };
  try {
    await migrate({ client });
    await makeTopics(brokers, { partitionBytes: -1 });
    // A loader that has a state compares nothing that it has not begun itself.
    await fillSpool(setup.folder, BATCH, 1);
    await loadSpool(setup);
    // Merges of what one side inserted would be paid for by the other.
    await client.command('SYSTEM STOP MERGES');
    const all = await runRounds(setup, 100);
    const [{ count }] = await client.query('SELECT count() AS count FROM events');
    const expected = BATCH + (ROUNDS + 1) * EVENTS * Object.keys(SIDES).length;
    if (count !== expected) throw new Error(`${count} rows, not ${expected}`);
    const views = await dropViews(client);
    const one = await runRounds(setup, 200);
    return {
      name: 'loader',
      events: EVENTS,
      rowBytes: all[0].rowBytes,
      rows: [...rowsOf(`all ${views} views`, all, one), ...rowsOf('one view', one, one)],
    };
  } finally {
    await client.close();
    await Promise.all([clickHouse.stop(), kafka.stop()]);
    await rm(dir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await run();
  console.log(`${result.rowBytes} bytes a row, ${result.events} events a run`);
  console.table(result.rows);
}
