import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  ADMIN_USER,
  createWarehouseClient,
  type EmbeddedClickHouse,
  READER_USER,
  startEmbeddedClickHouse,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '../scripts/services/find-postgres.mjs';
import { type PostgresService, startPostgres } from '../scripts/services/postgres.mjs';
import { freePorts } from './support/free-ports.mjs';
import { MAIN, type Millrace, startMillrace } from './support/millrace.mjs';
import { waitFor } from './support/wait-for.ts';

const run = promisify(execFile);
const SLOW_MS = 90_000;

// A PostgreSQL that is missing is said, and fails in CI, as that of the project postgres.
describe.skipIf(!findPostgres())('single parts over a ClickHouse and a PostgreSQL outside', () => {
  let folder: string;
  let clickHouse: EmbeddedClickHouse;
  let postgres: PostgresService;
  let warehouse: WarehouseClient;
  let env: NodeJS.ProcessEnv;
  let studioPort: number;
  const running: Millrace[] = [];

  const start = async (parts: string, more: NodeJS.ProcessEnv = {}) => {
    const part = await startMillrace({
      dataDir: folder,
      env: { ...env, ...more },
      args: ['--only', parts],
    });
    running.push(part);
    return part;
  };
  const refusal = (args: string[], more: NodeJS.ProcessEnv) =>
    run(process.execPath, [MAIN, 'start', ...args], { env: { ...env, ...more } }).then(
      () => {
        throw new Error('it started');
      },
      (error: { stderr: string }) => error.stderr,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-parts-'));
    const [adminPassword, readerPassword] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
    [clickHouse, postgres] = await Promise.all([
      startEmbeddedClickHouse({ dataDir: join(folder, 'server'), adminPassword, readerPassword }),
      startPostgres(),
    ]);
    const [port = 0, studio = 0] = await freePorts(2);
    studioPort = studio;
    const as = (user: string, password: string) => clickHouse.url.replace('//', `//${user}:${password}@`);
    env = {
      ...process.env,
      PORT: String(port),
      MILLRACE_DATA: join(folder, 'data'),
      CLICKHOUSE_URL: as(ADMIN_USER, adminPassword),
      MILLRACE_CLICKHOUSE_READER_URL: as(READER_USER, readerPassword),
      DATABASE_URL: postgres.url,
    };
    warehouse = createWarehouseClient({ url: clickHouse.url, username: ADMIN_USER, password: adminPassword });
  }, SLOW_MS);

  afterAll(async () => {
    for (const part of running.reverse()) await part.stop();
    await Promise.all([warehouse?.close(), clickHouse?.stop(), postgres?.stop()]);
    await rm(folder, { recursive: true, force: true });
  }, SLOW_MS);

  it(
    'the collector takes events before a loader has ever run, and the loader brings them to the view',
    async () => {
      const collector = await start('collector');
      expect(collector.output).toContain('collector');
      const post = await fetch(`${collector.url}/track`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: 'ada', event_type: 'signed_up' }),
      });
      expect(post.status).toBe(200);
      const definitions = await fetch(`${collector.url}/v1/definitions?writeKey=wk_demo`);
      expect(await definitions.json()).toMatchObject({ version: 0, flags: {} });

      await start('loader');
      expect(await readdir(join(folder, 'data'))).toEqual(
        expect.arrayContaining(['run.collector.json', 'run.loader.json']),
      );
      const count = async () => {
        const [row] = await warehouse.query<{ n: number }>('SELECT count() AS n FROM events');
        return row?.n ?? 0;
      };
      await waitFor(async () => (await count()) === 1);
      expect(await warehouse.query('SELECT name FROM projects')).toEqual([{ name: 'demo' }]);
    },
    SLOW_MS,
  );

  it(
    'the studio answers /sql, and takes no events',
    async () => {
      const studio = await start('studio', { PORT: String(studioPort) });
      const url = `http://127.0.0.1:${studioPort}`;
      expect(studio.url).toBe(url);
      const answer = await fetch(`${url}/sql`, { method: 'POST', body: 'SELECT count() AS n FROM events' });
      expect(((await answer.json()) as { data: { n: number }[] }).data.map(({ n }) => Number(n))).toEqual([
        1,
      ]);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      expect((await fetch(`${url}/v1/batch`, { method: 'POST', body: '{}' })).status).toBe(404);
    },
    SLOW_MS,
  );

  it(
    'a second loader over the folder, and a start of everything, are refused with the owner',
    async () => {
      expect(await refusal(['--only', 'loader'], {})).toContain('is in use by process');
      const [port] = await freePorts(1);
      expect(await refusal([], { PORT: String(port) })).toContain('is in use by process');
    },
    SLOW_MS,
  );

  it.each([
    ['a password that is wrong', { CLICKHOUSE_URL: 'admin:wrong@' }, 'cannot be used'],
    ['an engine that is not named', { DATABASE_URL: '' }, '--only needs DATABASE_URL'],
    ['a reader that may write', { MILLRACE_CLICKHOUSE_READER_URL: 'same' }, 'may INSERT'],
    ['a user that may only read', { CLICKHOUSE_URL: 'reader' }, 'may not INSERT'],
  ])(
    'is refused with words: %s',
    async (_, change, expected) => {
      const wrong = clickHouse.url.replace('//', '//millrace_admin:wrong@');
      const values: Record<string, string | undefined> = {
        'admin:wrong@': wrong,
        same: env.CLICKHOUSE_URL,
        reader: env.MILLRACE_CLICKHOUSE_READER_URL,
      };
      const more = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [name, values[value] ?? value]),
      );
      const other = { ...more, MILLRACE_DATA: join(folder, 'other') };
      expect(await refusal(['--only', 'loader'], other)).toContain(expected);
    },
    SLOW_MS,
  );
});
