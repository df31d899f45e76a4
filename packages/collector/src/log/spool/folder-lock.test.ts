import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, startedAt } from './folder-lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a folder lock', () => {
  it('is held once, and free again after its release', async () => {
    const release = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject({ code: 'locked', pid: process.pid });
    await release();
    await (await acquireLock(path))();
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes to one of many that want it at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['lock']);
  });

  it('goes to one of many that find it dead at once', async () => {
    for (let round = 0; round < 30; round++) {
      await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: 'long ago', claim: round }));
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => acquireLock(path)));
      const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(held).toHaveLength(1);
      await held[0]?.();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const owner = { pid: child.pid, startedAt: startedAt(child.pid ?? 0), claim: '' };
    await writeFile(path, JSON.stringify(owner));
    await expect(acquireLock(path)).rejects.toMatchObject({ pid: child.pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await acquireLock(path))();
  });

  it('is taken over when the pid belongs to a later process', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: 'long ago', claim: '' }));
    await (await acquireLock(path))();
  });

  it.each(['', 'null', '{"pid":"x"}'])('is taken over when a power cut left %j in it', async (text) => {
    await writeFile(path, text);
    await (await acquireLock(path))();
  });

  it('is taken over although an earlier takeover was cut off', async () => {
    await writeFile(path, '');
    await writeFile(`${path}.takeover`, '');
    await utimes(`${path}.takeover`, 1, 1);
    await (await acquireLock(path))();
  });

  it('is not removed by an owner that lost it', async () => {
    const release = await acquireLock(path);
    await rm(path);
    const second = await acquireLock(path);
    await release();
    await expect(acquireLock(path)).rejects.toThrow('is held by process');
    await second();
  });
});
