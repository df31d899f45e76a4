import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

// What is done under the mutex takes microseconds; an older one belongs to a process that died in between.
const MUTEX_MS = 10_000;

/** Another living process holds the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError' as const;
  readonly code = 'folder_locked';
  readonly pid: number;

  constructor(file: string, pid: number) {
    super(`${file} is held by process ${pid}`);
    this.pid = pid;
  }
}

/** A lock that this process holds. */
export interface FolderLock {
  /** Gives the lock up; does nothing if it is no longer ours. */
  release(): Promise<void>;
}

/**
 * Takes the lock file for this process, or throws `FolderLockedError` with the owner. A lock whose process
 * is gone (also where its pid is now another process) is taken over.
 */
export async function lockFolder(file: string): Promise<FolderLock> {
  const content = JSON.stringify(identifyProcess(process.pid));
  // Linked into place with its content, so that nobody can read a half-written lock.
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    for (;;) {
      if (await linked(draft, file)) return { release: () => release(file, content) };
      const held = await readLock(file);
      if (held === undefined) continue;
      const owner = parseOwner(held);
      if (owner && isAlive(owner)) throw new FolderLockedError(file, owner.pid);
      await removeStale(file, held);
    }
  } finally {
    await unlink(draft);
  }
}

/** The process that holds the lock file, if it is alive. */
export async function folderOwner(file: string): Promise<number | undefined> {
  const held = await readLock(file);
  const owner = held === undefined ? undefined : parseOwner(held);
  return owner && isAlive(owner) ? owner.pid : undefined;
}

async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Removes a stale lock. One process at a time may, under a mutex: otherwise the second of two who saw the
 * same stale lock would remove the one that the first has just taken.
 */
async function removeStale(file: string, stale: string): Promise<void> {
  const mutex = `${file}.takeover`;
  try {
    await mkdir(mutex);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    await delay(5);
    if ((await ageMs(mutex)) > MUTEX_MS) await rm(mutex, { recursive: true, force: true });
    return;
  }
  try {
    if ((await readLock(file)) === stale) await unlink(file);
  } finally {
    await rm(mutex, { recursive: true, force: true });
  }
}

async function ageMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

async function release(file: string, content: string): Promise<void> {
  if ((await readLock(file)) === content) await unlink(file);
}

async function readLock(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseOwner(content: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(content) as Partial<ProcessIdentity> | null;
    return owner && typeof owner.pid === 'number'
      ? { pid: owner.pid, startedAt: owner.startedAt ?? '' }
      : undefined;
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
