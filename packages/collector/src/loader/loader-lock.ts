import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FolderLock, FolderLockedError, folderOwner, lockFolder } from '@millrace/definitions/lock';
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

/** Makes this process the one that loads; rejects with FolderLockedError while another living one is. */
export async function lockLoader(stateDir: string): Promise<LoaderLock> {
  let held: FolderLock | null = await lock(stateDir);
  return {
    isAskedFor: () => isPauseAsked(stateDir),
    async yield(signal) {
      await held?.release();
      held = null;
      for (;;) {
        while (await isPauseAsked(stateDir)) await wait(POLL_MS, signal);
        held = await lock(stateDir).catch(unlessLocked);
        if (held) return;
        await wait(POLL_MS, signal);
      }
    },
    release: async () => held?.release(),
  };
}

/**
 * Makes a running loader stand still between two chunks, and takes its place until the returned function is
 * called. Without a running loader it only takes the place, so that none begins.
 * @throws FolderLockedError if another process does the same, or the loader does not let go within `timeoutMs`.
 */
export async function pauseLoader(stateDir: string, timeoutMs: number): Promise<() => Promise<void>> {
  await mkdir(stateDir, { recursive: true });
  const pause = await lockFolder(pausePath(stateDir));
  try {
    const place = await lockWithin(stateDir, timeoutMs);
    return async () => {
      await place.release();
      await pause.release();
    };
  } catch (error) {
    await pause.release();
    throw error;
  }
}

async function lock(stateDir: string): Promise<FolderLock> {
  await mkdir(stateDir, { recursive: true });
  return lockFolder(lockPath(stateDir));
}

async function lockWithin(stateDir: string, timeoutMs: number): Promise<FolderLock> {
  const timeout = AbortSignal.timeout(timeoutMs);
  for (;;) {
    const held = await lock(stateDir).catch((error) =>
      timeout.aborted ? rethrow(error) : unlessLocked(error),
    );
    if (held) return held;
    await wait(POLL_MS, timeout).catch(() => {});
  }
}

async function isPauseAsked(stateDir: string): Promise<boolean> {
  return (await folderOwner(pausePath(stateDir))) !== undefined;
}

function rethrow(error: unknown): never {
  throw error;
}

function unlessLocked(error: unknown): null {
  if (error instanceof FolderLockedError) return null;
  throw error;
}
