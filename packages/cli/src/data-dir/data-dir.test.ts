import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '@millrace/definitions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureCredentials, readCredentials } from './credentials.ts';
import { dataPaths } from './data-paths.ts';
import { type RunFile, readRunFile, removeRunFile, writeRunFile } from './run-file.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-data-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

describe('credentials', () => {
  it('are made once, at random, in a folder that may not exist yet, for the owner alone', async () => {
    const folder = join(dataDir, 'new');
    const first = await ensureCredentials(folder);
    expect(first.created).toBe(true);
    expect(new Set(Object.values(first.credentials)).size).toBe(3);
    expect(await ensureCredentials(folder)).toEqual({ credentials: first.credentials, created: false });
    expect((await stat(dataPaths(folder).credentials)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['credentials']);
  });

  it('are the same for all who make them at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => ensureCredentials(dataDir)));
    expect(new Set(made.map(({ credentials }) => credentials.adminToken)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
  });

  it('lose the rights that others were given', async () => {
    await ensureCredentials(dataDir);
    await chmod(dataPaths(dataDir).credentials, 0o644);
    await readCredentials(dataDir);
    expect((await stat(dataPaths(dataDir).credentials)).mode & 0o777).toBe(0o600);
  });

  it('are never replaced where the file is damaged', async () => {
    await writeFile(dataPaths(dataDir).credentials, '{"adminToken":"x"}');
    await expect(ensureCredentials(dataDir)).rejects.toThrow(
      'lacks clickhouseAdminPassword, clickhouseReaderPassword',
    );
    await writeFile(dataPaths(dataDir).credentials, '{"admin');
    await expect(ensureCredentials(dataDir)).rejects.toMatchObject({ code: 'invalid_credentials' });
  });
});

describe('run.json', () => {
  const run = (supervisor: RunFile['supervisor']): RunFile => ({
    supervisor,
    url: 'http://127.0.0.1:3500',
    host: '127.0.0.1',
    port: 3500,
    processes: { server: 1 },
  });

  it('says what runs while its supervisor lives', async () => {
    const written = run(identifyProcess(process.pid));
    await writeRunFile(dataPaths(dataDir).run, written);
    expect(await readRunFile(dataDir)).toEqual(written);
    await removeRunFile(dataPaths(dataDir).run);
    expect(await readRunFile(dataDir)).toBeUndefined();
    await removeRunFile(dataPaths(dataDir).run);
  });

  it('says nothing when the supervisor is gone, or the file is no run.json', async () => {
    await writeRunFile(dataPaths(dataDir).run, run({ pid: process.pid, startedAt: '1' }));
    expect(await readRunFile(dataDir)).toBeUndefined();
    for (const text of ['', '{"pi', 'null', '{}', '{"supervisor":{}}']) {
      await writeFile(dataPaths(dataDir).run, text);
      expect(await readRunFile(dataDir)).toBeUndefined();
    }
  });
});
