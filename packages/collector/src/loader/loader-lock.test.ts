import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLockedError } from '@millrace/definitions/lock';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockLoader, pauseLoader } from './loader-lock.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loader-lock-'));
  return () => rm(dir, { recursive: true });
});

describe("the loader's lock", () => {
  it('lets one load at a time', async () => {
    const lock = await lockLoader(join(dir, 'made'));
    await expect(lockLoader(join(dir, 'made'))).rejects.toThrow(FolderLockedError);
    await lock.release();
    await (await lockLoader(join(dir, 'made'))).release();
  });

  it('is lent to whoever asks for a pause, and comes back', async () => {
    const lock = await lockLoader(dir);
    expect(await lock.isAskedFor()).toBe(false);
    const pausing = pauseLoader(dir, 60_000);
    await expect.poll(() => lock.isAskedFor()).toBe(true);
    const yielding = lock.yield(new AbortController().signal);
    const resume = await pausing;
    await expect(lockLoader(dir)).rejects.toThrow(FolderLockedError);
    await resume();
    await yielding;
    await expect(lockLoader(dir)).rejects.toThrow(FolderLockedError);
    await lock.release();
  });

  it('is not waited for longer than allowed', async () => {
    const lock = await lockLoader(dir);
    await expect(pauseLoader(dir, 10)).rejects.toThrow(FolderLockedError);
    expect(await lock.isAskedFor()).toBe(false);
    await lock.release();
  });

  it('keeps a loader from starting while another pauses the place', async () => {
    const resume = await pauseLoader(dir, 10);
    await expect(lockLoader(dir)).rejects.toThrow(FolderLockedError);
    await expect(pauseLoader(dir, 10)).rejects.toThrow(FolderLockedError);
    await resume();
    await (await lockLoader(dir)).release();
  });
});
