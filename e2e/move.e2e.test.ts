import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  ADMIN_USER,
  createWarehouseClient,
  type EmbeddedClickHouse,
  startEmbeddedClickHouse,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from './support/free-ports.mjs';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const SLOW_MS = 120_000;
const EVENTS = 3_000;
const BATCH = 50;

let folder: string;
let clickHouse: EmbeddedClickHouse;
let warehouse: WarehouseClient;
let serverUrl: string;
let env: NodeJS.ProcessEnv;
let running: Millrace | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-move-'));
  await mkdir(join(folder, 'data'));
  const [adminPassword, readerPassword] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  clickHouse = await startEmbeddedClickHouse({
    dataDir: join(folder, 'server'),
    adminPassword,
    readerPassword,
  });
  serverUrl = clickHouse.url.replace('//', `//${ADMIN_USER}:${adminPassword}@`);
  const [port = 0, http = 0, tcp = 0, definitions = 0] = await freePorts(4);
  env = {
    ...process.env,
    PORT: String(port),
    MILLRACE_CLICKHOUSE_HTTP_PORT: String(http),
    MILLRACE_CLICKHOUSE_TCP_PORT: String(tcp),
    MILLRACE_DEFINITIONS_PORT: String(definitions),
    MILLRACE_DATA: join(folder, 'data'),
  };
  warehouse = createWarehouseClient({ url: clickHouse.url, username: ADMIN_USER, password: adminPassword });
}, SLOW_MS);

afterAll(async () => {
  await running?.stop();
  await Promise.all([warehouse?.close(), clickHouse?.stop()]);
  await rm(folder, { recursive: true, force: true });
}, SLOW_MS);

const start = async (more: NodeJS.ProcessEnv = {}) => {
  running = await startMillrace({ dataDir: join(folder, 'data'), env: { ...env, ...more } });
  return running;
};

/** As a power cut would: the command and every process of its own. */
async function killAll(): Promise<void> {
  const file = JSON.parse(await readFile(join(folder, 'data', 'run.json'), 'utf8'));
  const pids = [file.supervisor.pid, ...Object.values(file.processes)] as number[];
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await waitFor(async () => pids.every((pid) => !isAlive(pid)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends events `[from, to)`; each call sends the same bytes for the same events. */
async function send(url: string, from: number, to: number): Promise<void> {
  const at = new Date(Date.UTC(2026, 0, 1)).toISOString();
  for (let first = from; first < to; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, to - first) }, (_, i) => ({
      type: 'track',
      messageId: `move-${first + i}`,
      event: 'Moved',
      userId: `user-${(first + i) % 100}`,
      timestamp: at,
      properties: { number: first + i },
    }));
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ writeKey: 'wk_demo', batch }),
    });
    expect(response.status, await response.text()).toBe(200);
  }
}

const TOTALS = `
  SELECT count() AS rows, uniqExact(message_id) AS ids, uniqExact(log_id, log_offset, log_index) AS positions,
    (SELECT sum(events) FROM events_15m) AS counted, (SELECT count() FROM message_ids) AS seen,
    (SELECT count() FROM rejected_events) AS rejected
  FROM events`;
const exactly = (n: number) => ({ rows: n, ids: n, positions: n, counted: n, seen: n, rejected: 0 });
const totals = async () => (await warehouse.query<ReturnType<typeof exactly>>(TOTALS))[0];

it(
  'an installation that was killed while it loaded moves to a ClickHouse outside, and goes on with nothing lost or doubled',
  async () => {
    const embedded = await start();
    await send(embedded.url, 0, EVENTS);
    const loaded = await embedded.warehouse();
    await waitFor(async () => (await loaded.query('SELECT 1 FROM events LIMIT 1')).length > 0);
    // Some are loaded, some are not, and a chunk may be on its way.
    await send(embedded.url, EVENTS, EVENTS + 500);
    await killAll();
    const moved = await run(process.execPath, [MAIN, 'warehouse', 'move', '--to', serverUrl], { env });
    expect(moved.stdout).toMatch(/events +\d+ +\d+/);
    expect(moved.stderr).toContain('Now start with CLICKHOUSE_URL=');
    expect(moved.stderr).not.toContain(new URL(serverUrl).password);

    const outside = await start({ CLICKHOUSE_URL: serverUrl });
    // A client that never saw the answer sends everything again.
    await send(outside.url, 0, EVENTS + 500);
    await send(outside.url, EVENTS + 500, EVENTS + 1_000);
    await waitFor(async () => (await totals())?.rows === EVENTS + 1_000);
    await outside.stop();
    expect(await totals()).toEqual(exactly(EVENTS + 1_000));

    // The embedded one is as it was, and a second run copies nothing.
    const again = await run(process.execPath, [MAIN, 'warehouse', 'move', '--to', serverUrl], { env });
    expect(again.stdout).toMatch(/events +\d+ +0\n/);
    expect(await totals()).toEqual(exactly(EVENTS + 1_000));
    const refused = await run(process.execPath, [MAIN, 'warehouse', 'move', '--to', 'http://127.0.0.1:1'], {
      env,
    }).catch((error: { stderr: string }) => error);
    expect(refused.stderr).toContain('ClickHouse of --to cannot be used');
  },
  SLOW_MS,
);
