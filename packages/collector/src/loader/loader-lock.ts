import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, LockedError, startedAt } from '../log/spool/folder-lock.ts';
import { wait } from './retrier.ts';

const lockPath = (stateDir: string) => join(stateDir, 'lock');
const pausePath = (stateDir: string) => join(stateDir, 'pause');

const POLL_MS = 50;

/** The right to load: one process has it. */
export interface LoaderLock {
  /** True while another process asks for it. */
  isAskedFor(): Promise<boolean>;
  /** Gives it away, and resolves once it is ours again; rejects with StoppedError once the signal is aborted. */
  yield(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** Makes this process the one that loads; rejects with LockedError while another living one is. */
export async function lockLoader(stateDir: string): Promise<LoaderLock> {
  let unlock: () => Promise<void> = await lock(stateDir);
  return {
    isAskedFor: () => isPauseAsked(stateDir),
    async yield(signal) {
      await unlock();
      unlock = async () => {};
      for (;;) {
        while (await isPauseAsked(stateDir)) await wait(POLL_MS, signal);
        const mine = await lock(stateDir).catch(unlessLocked);
        if (mine) {
          unlock = mine;
          return;
        }
        await wait(POLL_MS, signal);
      }
    },
    release: () => unlock(),
  };
}

/**
 * Makes a running loader stand still between two chunks, and takes its place until the returned function is
 * called. Without a running loader it only takes the place, so that none begins.
 * @throws LockedError if another process does the same, or the loader does not let go within `timeoutMs`.
 */
export async function pauseLoader(stateDir: string, timeoutMs: number): Promise<() => Promise<void>> {
  await mkdir(stateDir, { recursive: true });
  const endPause = await acquireLock(pausePath(stateDir));
  try {
    const unlock = await lockWithin(stateDir, timeoutMs);
    return async () => {
      await unlock();
      await endPause();
    };
  } catch (error) {
    await endPause();
    throw error;
  }
}

async function lock(stateDir: string): Promise<() => Promise<void>> {
  await mkdir(stateDir, { recursive: true });
  return acquireLock(lockPath(stateDir));
}

async function lockWithin(stateDir: string, timeoutMs: number): Promise<() => Promise<void>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  for (;;) {
    const unlock = await lock(stateDir).catch((error) =>
      timeout.aborted ? rethrow(error) : unlessLocked(error),
    );
    if (unlock) return unlock;
    await wait(POLL_MS, timeout).catch(() => {});
  }
}

async function isPauseAsked(stateDir: string): Promise<boolean> {
  const text = await readFile(pausePath(stateDir), 'utf8').catch(() => '');
  if (text === '') return false;
  try {
    const owner = JSON.parse(text) as { pid: number; startedAt: string };
    return startedAt(owner.pid) === owner.startedAt;
  } catch {
    return false;
  }
}

function rethrow(error: unknown): never {
  throw error;
}

function unlessLocked(error: unknown): null {
  if (error instanceof LockedError) return null;
  throw error;
}
