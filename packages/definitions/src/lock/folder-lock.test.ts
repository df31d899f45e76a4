import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderOwner, lockFolder } from './folder-lock.ts';
import { identifyProcess, isAlive } from './process-identity.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
  file = join(folder, 'lock');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('is held until it is released, and leaves no other file', async () => {
  const lock = await lockFolder(file);
  expect(await folderOwner(file)).toBe(process.pid);
  await expect(lockFolder(file)).rejects.toMatchObject({ code: 'folder_locked', pid: process.pid });
  expect(await readdir(folder)).toEqual(['lock']);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  expect(await folderOwner(file)).toBeUndefined();
});

it('is taken over from a process that is gone', async () => {
  const child = fork('-e', ['setInterval(() => {}, 1000)'], { execArgv: [] });
  await once(child, 'spawn');
  const identity = identifyProcess(child.pid ?? 0);
  expect(isAlive(identity)).toBe(true);
  await writeFile(file, JSON.stringify(identity));
  await expect(lockFolder(file)).rejects.toMatchObject({ pid: child.pid });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await lockFolder(file)).release();
});

it('is taken over where the pid is now another process, and where the file is damaged', async () => {
  await writeFile(file, JSON.stringify({ pid: process.pid, startedAt: '1' }));
  await (await lockFolder(file)).release();
  await writeFile(file, '{"pi');
  await (await lockFolder(file)).release();
});

it('goes to exactly one of many who find it stale', async () => {
  for (let round = 0; round < 20; round += 1) {
    await writeFile(file, JSON.stringify({ pid: process.pid, startedAt: '1' }));
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(file)));
    const won = tries.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]?.value.release();
  }
});

it('is not released by one who no longer holds it', async () => {
  const lock = await lockFolder(file);
  await writeFile(file, 'another');
  await lock.release();
  expect(await readFile(file, 'utf8')).toBe('another');
});
