// What ClickHouse pays for the views over `events`: CPU of its process per row of the same blocks, inserted into the table
// with every view, with each alone, and with none; in blocks as the loader makes them under load, and in small ones, as when
// little comes. Of the rows, one in twenty is an exposure. Medians of the rounds.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
import { fillSpool } from './loader/fill.mjs';
import { loadSpool } from './loader/load.mjs';
import { median, round, spread } from './support/figures.mjs';

const EVENTS = 60_000;
const ROUNDS = 5;
const LARGE = 20_000;
const SMALL = { rows: 500, blocks: 20 };
const EXPOSURES = 20;
const TICKS_PER_SECOND = 100;

/** User and system time of all threads of a process, in microseconds (Linux). */
function cpuUs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

/** The rows of the blocks, every twentieth as an exposure. */
function withExposures(blocks) {
  const lines = blocks.flatMap(({ rows }) => Buffer.from(rows).toString().trimEnd().split('\n'));
  return lines.map((line, n) => {
    if (n % EXPOSURES > 0) return `${line}\n`;
    const row = JSON.parse(line);
    const properties = {
      experiment: `experiment-${n % 7}`,
      phase: 1,
      variant: n % 3 ? 'treatment' : 'control',
      unit: row.anonymous_id,
      unitType: 'anonymousId',
      bucketingVersion: 1,
      reason: 'split',
      definitionsVersion: 12,
    };
    return `${JSON.stringify({ ...row, type: 'track', event: '$exposure', properties })}\n`;
  });
}

function blocksOf(lines, size) {
  const blocks = [];
  for (let i = 0; i < lines.length; i += size) blocks.push(Buffer.from(lines.slice(i, i + size).join('')));
  return blocks;
}

async function cpuPerRow({ client, pid, blocks, rows }) {
  const begun = cpuUs(pid);
  for (const block of blocks) await client.insertRows('events', [block], { token: randomUUID() });
  return (cpuUs(pid) - begun) / rows;
}

/** Leaves of the views only those that are named. */
async function keepViews(client, views, kept) {
  for (const { name } of views) await client.command(`DROP VIEW IF EXISTS ${name} SYNC`);
  for (const { name, statement } of views) if (kept.includes(name)) await client.command(statement);
}

/** One size of blocks, by every side in turn. */
async function measure({ client, pid, views, blocks, rows, of }) {
  const names = views.map(({ name }) => name);
  const sides = {
    'no view': [],
    ...Object.fromEntries(names.map((name) => [name, [name]])),
    'all views': names,
  };
  const found = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let turn = 0; turn <= ROUNDS; turn++) {
    for (const [side, kept] of Object.entries(sides)) {
      await keepViews(client, views, kept);
      const us = await cpuPerRow({ client, pid, blocks, rows });
      // The first warms up all of them.
      if (turn > 0) found[side].push(us);
    }
  }
  return Object.entries(found).map(([side, all]) => {
    const shares = all.map((us, turn) => us / found['no view'][turn]);
    return {
      what: `${side}; ${of}`,
      'ClickHouse CPU us/row': round(median(all), 2),
      'of the bare table': round(median(shares), 2),
      'least to most': spread(shares, 2),
    };
  });
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
  try {
    await migrate({ client });
    const loaded = [];
    await fillSpool(join(dir, 'spool'), EVENTS, 1);
    await loadSpool({ folder: join(dir, 'spool'), stateDir: join(dir, 'loader'), client, blocks: loaded });
    const lines = withExposures(loaded.filter(({ table }) => table === 'events'));
    if (lines.length !== EVENTS) throw new Error(`${lines.length} rows, not ${EVENTS}`);
    // Merges of what one side inserted would be paid for by the other.
    await client.command('SYSTEM STOP MERGES');
    const views = await client.query(
      "SELECT name, create_table_query AS statement FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView'",
    );
    const few = lines.slice(0, SMALL.rows * SMALL.blocks);
    const setup = { client, pid: clickHouse.pid, views };
    const rows = [
      ...(await measure({
        ...setup,
        blocks: blocksOf(lines, LARGE),
        rows: EVENTS,
        of: `blocks of ${LARGE} rows`,
      })),
      ...(await measure({
        ...setup,
        blocks: blocksOf(few, SMALL.rows),
        rows: few.length,
        of: `blocks of ${SMALL.rows} rows`,
      })),
    ];
    return { name: 'views', events: EVENTS, rows };
  } finally {
    await client.close();
    await clickHouse.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.table((await run()).rows);
}
