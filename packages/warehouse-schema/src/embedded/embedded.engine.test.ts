import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFile } from '../package-files.ts';
import { startTestEngine, type TestEngine } from '../testing/engine.ts';
import { encodeRows, makeEventRow } from '../testing/make-event-row.ts';
import { findEmbeddedLibrary } from './find-library.ts';
import { findFreePort } from './free-port.ts';
import { startEmbeddedClickHouse } from './start-embedded-click-house.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

it('listens for HTTP', async () => {
  expect(await (await fetch(`${engine.url}/ping`)).text()).toBe('Ok.\n');
});

it('lets native clients in, and through', async () => {
  const answer = await sayNative([
    0,
    4,
    ...text('test'),
    25,
    1,
    ...revision,
    0,
    ...named('millrace_reader'),
    ...named(engine.readerPassword),
  ]);
  // Packet 0 is the server's Hello, with its name.
  expect(answer[0]).toBe(0);
  expect(answer.toString('latin1')).toContain('ClickHouse');
});

it('outlives a failed handshake of a native client', async () => {
  const hello = (user: string, password: string, database = '') => [
    0,
    4,
    ...text('test'),
    25,
    1,
    ...revision,
    ...named(database),
    ...named(user),
    ...named(password),
  ];
  const wrongPassword = await sayNative(hello('millrace_reader', 'wrong'));
  expect(wrongPassword.toString('latin1')).toContain('Authentication failed');
  const noPassword = await sayNative(hello('default', ''));
  expect(noPassword.toString('latin1')).toContain('Authentication failed');
  const noDatabase = await sayNative(hello('millrace_reader', engine.readerPassword, 'nowhere'));
  expect(noDatabase.toString('latin1')).toContain('does not exist');
  for (const bytes of [[77, 1, 2], [0, 255, 255, 255, 255, 7, 1], text('GET / HTTP/1.1\r\n\r\n')]) {
    expect((await sayNative(bytes)).toString('latin1')).toContain('native clients');
  }
  expect(await engine.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
});

it('keeps every acknowledged row when it is killed', async () => {
  await engine.admin.insertRows('events', encodeRows([makeEventRow(1), makeEventRow(2)]), { token: 'kill' });
  await engine.restart('SIGKILL');
  expect(await engine.admin.query('SELECT count() AS n FROM events')).toEqual([{ n: 2 }]);
  expect(await engine.admin.query('SELECT sum(events) AS n FROM events_15m')).toEqual([{ n: 2 }]);
});

it('does not end at Ctrl-C', async () => {
  process.kill(engine.clickHouse().pid, 'SIGINT');
  expect(await engine.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
});

it('lets no one in with a wrong password', async () => {
  const answer = await fetch(engine.url, {
    method: 'POST',
    body: 'SELECT 1',
    headers: { 'X-ClickHouse-User': 'millrace_admin', 'X-ClickHouse-Key': 'wrong' },
  });
  expect(answer.status).toBe(403);
});

it.runIf(process.platform === 'linux')(
  'cannot read files outside its folder, nor the environment of its parent',
  async () => {
    const environment = `/proc/${process.pid}/environ`;
    for (const path of [
      '/etc/passwd',
      packageFile('package.json'),
      environment,
      '/proc/self/root/etc/passwd',
    ]) {
      expect(existsSync(path)).toBe(true);
      await expect(engine.admin.query('SELECT file({path:String})', { params: { path } })).rejects.toThrow(
        'Permission denied',
      );
    }
  },
);

it('gives its process no variable of ours that may be secret', async () => {
  process.env.MILLRACE_TEST_SECRET = 'secret';
  const other = await startTestEngine({ migrated: false });
  try {
    const [row] = await other.admin
      .query<{ text: string }>("SELECT file('/proc/self/environ') AS text")
      .catch(() => []);
    expect(row?.text ?? '').not.toContain('MILLRACE_TEST_SECRET');
  } finally {
    delete process.env.MILLRACE_TEST_SECRET;
    await other.close();
  }
});

it('writes a mistyped query to its log once, with one stack trace at most', async () => {
  const log = () => readFile(join(engine.dataDir, 'clickhouse.log'), 'utf8');
  const before = await log();
  await expect(engine.reader.query('SELECT no_such_column FROM events')).rejects.toThrow('no_such_column');
  const lines = async () => (await log()).slice(before.length);
  await expect.poll(lines).toContain('DynamicQueryHandler');
  expect((await lines()).match(/executeQuery: /g)).toHaveLength(1);
  expect((await lines()).match(/Stack trace/g)).toHaveLength(1);
});

it('writes a failed login to its log', async () => {
  const log = () => readFile(join(engine.dataDir, 'clickhouse.log'), 'utf8');
  const before = (await log()).length;
  await fetch(`${engine.url}/?user=millrace_admin&password=wrong`, { method: 'POST', body: 'SELECT 1' });
  await expect
    .poll(async () => (await log()).slice(before))
    .toContain('millrace_admin: Authentication failed');
});

it('keeps its configuration from other users of the machine', async () => {
  const [start] = await readdir(join(engine.dataDir, 'config'));
  const users = join(engine.dataDir, 'config', start ?? '', 'users.xml');
  expect((await stat(users)).mode & 0o077).toBe(0);
});

it('takes the next free port where the wanted one is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const wanted = typeof address === 'object' && address ? address.port : 0;
  expect(await findFreePort(wanted, '127.0.0.1')).toBeGreaterThan(wanted);
  taken.close();
});

it('says that the data folder is in use', async () => {
  const second = startEmbeddedClickHouse({
    dataDir: engine.dataDir,
    adminPassword: 'a',
    readerPassword: 'b',
  });
  await expect(second).rejects.toMatchObject({ code: 'data_dir_in_use' });
  expect(await engine.admin.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
});

it('says what to do where there is no library', () => {
  expect(() => findEmbeddedLibrary({ CHDB_LIBCHDB_PATH: '/nowhere/libchdb.so' })).toThrow('CLICKHOUSE_URL');
});

it('ends when its parent is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-parent-'));
  const child = pathToFileURL(packageFile('embedded/child.mjs')).pathname;
  const script = join(folder, 'parent.mjs');
  const options = JSON.stringify({ library: findEmbeddedLibrary(), dataDir: folder, logDir: folder });
  await writeFile(
    script,
    `import { spawn } from 'node:child_process';
     const options = { ...${options}, parentPid: process.pid };
     const child = spawn(process.execPath, [${JSON.stringify(child)}, JSON.stringify(options), 'clickhouse',
       '--path=${folder}/store', '--query', "SELECT sleepEachRow(3) FROM numbers(100) SETTINGS function_sleep_max_microseconds_per_block=0, max_block_size=1 FORMAT Null"],
       { stdio: 'ignore', detached: true });
     console.log(child.pid);
     setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    // Its folder is there once it is past the point where it looks after its parent itself.
    await expect.poll(() => existsSync(join(folder, 'store')), { timeout: 10_000, interval: 20 }).toBe(true);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000, interval: 20 }).toBe(false);
  } finally {
    parent.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** Revision 54460, as a number of the native protocol. */
const revision = [0xbc, 0xa9, 0x03];

function text(value: string): number[] {
  return [...Buffer.from(value)];
}

function named(value: string): number[] {
  return [value.length, ...text(value)];
}

async function sayNative(bytes: number[]): Promise<Buffer> {
  const socket = connect(engine.clickHouse().tcpPort, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(Buffer.from(bytes));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
