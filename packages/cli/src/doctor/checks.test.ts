import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '@millrace/definitions';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { dataPaths } from '../data-dir/data-paths.ts';
import type { Installation } from '../installation/installation.ts';
import type { DoctorContext } from './finding.ts';
import { credentials, dataFolder, ports } from './folder-checks.ts';
import { findingsOf } from './kafka-check.ts';
import { loader, spool } from './log-checks.ts';
import { clock, settings } from './machine-checks.ts';
import { definitions, server, warehouse } from './service-checks.ts';

let dataDir: string;
let listener: Server | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-doctor-'));
});

afterEach(async () => {
  listener?.close();
  listener = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const away = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:1'));

function context(env: Record<string, string> = {}, more: Partial<DoctorContext> = {}): DoctorContext {
  const { config, warnings } = readConfig({ env: { MILLRACE_DATA: dataDir, ...env } });
  const installation = { config, warehouse: away, definitions: away } as unknown as Installation;
  return {
    config,
    warnings,
    paths: dataPaths(dataDir),
    run: undefined,
    installation,
    now: Date.now,
    ...more,
  };
}

async function answer(status: number, body: object): Promise<DoctorContext['run']> {
  listener = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => listener?.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    supervisor: identifyProcess(process.pid),
    url: `http://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    processes: {},
  };
}

it('names a misspelt setting', async () => {
  expect(await settings.look(context({ MILLRACE_DATTA: 'x' }))).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('MILLRACE_DATA') },
  ]);
});

it('distrusts a clock that is years behind', async () => {
  expect(await clock.look(context({}, { now: () => 0 }))).toMatchObject([{ severity: 'error' }]);
  expect(await clock.look(context())).toMatchObject([{ severity: 'ok' }]);
});

it('says who holds the folder when nothing runs over it', async () => {
  expect(await dataFolder.look(context())).toMatchObject([{ severity: 'ok' }]);
  await writeFile(join(dataDir, 'lock'), JSON.stringify(identifyProcess(process.pid)));
  expect(await dataFolder.look(context())).toMatchObject([
    { severity: 'warning', message: expect.stringContaining(`process ${process.pid}`) },
  ]);
});

it('finds a data folder that is a file', async () => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  expect(await dataFolder.look(context({}, { paths: dataPaths(file) }))).toMatchObject([
    { severity: 'error' },
  ]);
});

it('finds credentials that are damaged, and some that others could read', async () => {
  await writeFile(join(dataDir, 'credentials'), '{', { mode: 0o600 });
  expect(await credentials.look(context())).toMatchObject([{ severity: 'error' }]);
  const whole = { adminToken: 'a', clickhouseAdminPassword: 'b', clickhouseReaderPassword: 'c' };
  await rm(join(dataDir, 'credentials'));
  await writeFile(join(dataDir, 'credentials'), JSON.stringify(whole), { mode: 0o644 });
  expect(await credentials.look(context())).toMatchObject([{ severity: 'warning' }]);
  expect(await credentials.look(context())).toMatchObject([{ severity: 'ok' }]);
});

it('finds a taken port, with a way out', async () => {
  const run = await answer(200, {});
  // Another Millrace may have the engines' own ports.
  const [finding] = await ports.look(context({ PORT: String(run?.port) }));
  expect(finding).toMatchObject({ severity: 'error', fix: expect.stringContaining('PORT=') });
});

it('finds a spool at its quota, and damaged segments', async () => {
  await mkdir(join(dataDir, 'spool/quarantine'), { recursive: true });
  expect(await spool.look(context())).toMatchObject([{ severity: 'ok' }]);
  await writeFile(join(dataDir, 'spool/000000000001.seg'), Buffer.alloc(64 * 1024 ** 2));
  await writeFile(join(dataDir, 'spool/quarantine/000000000001.json'), '{}');
  expect(await spool.look(context({ MILLRACE_SPOOL_QUOTA_BYTES: '64MB' }))).toMatchObject([
    { severity: 'error', message: expect.stringContaining('503') },
    { severity: 'warning', message: expect.stringContaining('1 damaged') },
  ]);
});

it('tells what is loaded, what waits for a start, and a loader that does not move', async () => {
  await mkdir(join(dataDir, 'spool'));
  await mkdir(join(dataDir, 'loader'));
  expect(await loader.look(context())).toMatchObject([{ severity: 'ok' }]);
  await writeFile(join(dataDir, 'spool/000000000001.seg'), Buffer.alloc(1032));
  expect(await loader.look(context())).toMatchObject([
    {
      severity: 'warning',
      message: expect.stringContaining('1000 bytes'),
      fix: expect.stringContaining('start'),
    },
  ]);
  let now = 0;
  const run = await answer(200, {});
  const stuck = await loader.look(context({}, { run, now: () => (now += 1_000) }));
  expect(stuck).toMatchObject([{ severity: 'error', message: expect.stringContaining('does not move') }]);
  await writeFile(join(dataDir, 'loader/state.json'), 'damaged');
  expect(await loader.look(context())).toMatchObject([{ severity: 'warning' }]);
  await rename(join(dataDir, 'loader/state.json'), join(dataDir, 'loader/state.json.damaged'));
  expect(await loader.look(context())).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('loader/state.json.damaged') },
    { severity: 'warning', message: expect.stringContaining('1000 bytes') },
  ]);
});

it('tells which partitions of Kafka are behind, how far and for how long', () => {
  const partition = (
    number: number,
    lag: number,
    waitsForMs: number | null,
    committed: number | null = 5,
  ) => {
    return { topic: 'millrace.events', partition: number, committed, end: 100, lag, waitsForMs };
  };
  expect(findingsOf([partition(0, 0, null), partition(1, 0, null)])).toMatchObject([{ severity: 'ok' }]);
  expect(findingsOf([partition(0, 7, null), partition(1, 3, 30_000)])).toMatchObject([
    { severity: 'ok', message: expect.stringContaining('10 messages in 2') },
  ]);
  const late = findingsOf([partition(0, 7, 3_600_000), partition(1, 0, null), partition(2, 3, null, null)]);
  expect(late).toMatchObject([
    {
      severity: 'warning',
      message: 'millrace.events 0: 7 messages wait, loaded up to 5; the oldest waits for over 1 h',
    },
    {
      severity: 'ok',
      message: 'millrace.events 2: 3 messages wait, nothing is loaded yet; the oldest is new',
    },
  ]);
});

it('passes on why the server refuses events, and that it does not answer', async () => {
  expect(await server.look(context())).toMatchObject([{ severity: 'warning', fix: 'millrace start' }]);
  const run = await answer(503, { status: 'not_ready', reason: 'the disk is full' });
  expect(await server.look(context({}, { run }))).toMatchObject([
    { severity: 'error', message: expect.stringContaining('the disk is full') },
  ]);
  listener?.close();
  expect(await server.look(context({}, { run }))).toMatchObject([
    { severity: 'error', message: expect.stringContaining('does not answer') },
  ]);
});

it('reports a warehouse and definitions that are away', async () => {
  for (const check of [warehouse, definitions]) {
    expect(await check.look(context())).toMatchObject([
      { severity: 'error', message: expect.stringContaining('ECONNREFUSED') },
    ]);
  }
});

it('knows when no key can be used beyond loopback', async () => {
  const store = {
    planMigrations: async () => [],
    activeKeys: async () => ({
      version: 1,
      keys: [{ writeKey: 'wk_demo', projectId: 1, retentionDays: 1, loopbackOnly: true }],
    }),
  };
  const installation = { definitions: async () => store } as unknown as Installation;
  expect(await definitions.look(context({}, { installation }))).toMatchObject([{ severity: 'ok' }]);
  expect(await definitions.look(context({ HOST: '0.0.0.0' }, { installation }))).toMatchObject([
    { severity: 'warning', fix: 'millrace key create' },
  ]);
});
