import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { ignoreMissing } from './segment-files.ts';

/** A takeover takes microseconds; one that lasts longer was cut off. */
const TAKEOVER_MS = 10_000;

/** Another living process holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError' as const;
  readonly code = 'locked' as const;
  readonly pid: number;

  constructor(path: string, pid: number) {
    super(`${path} is held by process ${pid}`);
    this.pid = pid;
  }
}

/**
 * Takes the lock file at `path`, or fails with LockedError. The lock of a process that is gone is taken over;
 * a process is told from a later one with the same pid by the time it started. Resolves to the release.
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  const claim = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const mine = JSON.stringify({ pid: process.pid, startedAt: startedAt(process.pid), claim });
  await writeFile(claim, mine);
  try {
    while (!(await linked(claim, path))) await removeDeadLock(path);
  } finally {
    await unlink(claim);
  }
  return async () => {
    const text = await readFile(path, 'utf8').catch(ignoreMissing(''));
    if (text === mine) await unlink(path);
  };
}

async function linked(claim: string, path: string): Promise<boolean> {
  try {
    await link(claim, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeDeadLock(path: string): Promise<void> {
  const seen = await readFile(path, 'utf8').catch(ignoreMissing(undefined));
  if (seen === undefined) return;
  throwIfAlive(path, seen);
  // Of several that find it dead, one at a time looks again and removes it: else one could remove the lock that
  // another has just taken.
  const guard = `${path}.takeover`;
  const file = await open(guard, 'wx').catch(() => undefined);
  if (!file) {
    const { mtimeMs } = await stat(guard).catch(ignoreMissing({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > TAKEOVER_MS) await unlink(guard).catch(ignoreMissing(undefined));
    await setTimeout(5);
    return;
  }
  try {
    const now = await readFile(path, 'utf8').catch(ignoreMissing(undefined));
    if (now === seen) await unlink(path);
  } finally {
    await file.close();
    await unlink(guard).catch(ignoreMissing(undefined));
  }
}

function throwIfAlive(path: string, text: string): void {
  let owner: { pid?: unknown; startedAt?: unknown };
  try {
    owner = JSON.parse(text) as typeof owner;
  } catch {
    return;
  }
  if (typeof owner?.pid !== 'number') return;
  const started = startedAt(owner.pid);
  if (started !== undefined && started === owner.startedAt) throw new LockedError(path, owner.pid);
}

/** When process `pid` started, in words that differ between two processes; `undefined` if it does not run. */
export function startedAt(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return startedAtLinux(pid);
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function startedAtLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, in parentheses, may hold anything; the fields after it are numbers and the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${ticks}`;
}
