import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** Whether this machine can stop a process at a system call. */
export const canTrace = (() => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/**
 * Kills a ClickHouse at its n-th rename from now on, which is the last step of a part whose token is written already.
 * Resolves to whether it came to that in time.
 * @param {{ pid: number, n: number, patienceMs: number }} options
 * @returns {Promise<boolean>}
 */
export async function killAtRename({ pid, n, patienceMs }) {
  const inject = ['-e', 'trace=rename', '-e', `inject=rename:signal=KILL:when=${n}`];
  const tracer = spawn('strace', ['-f', '-o', '/dev/null', ...inject, '-p', String(pid)], {
    stdio: 'ignore',
  });
  const ended = once(tracer, 'exit');
  // It lets the process go and leaves it alive.
  const timer = setTimeout(() => tracer.kill('SIGTERM'), patienceMs);
  await ended;
  clearTimeout(timer);
  return !isAlive(pid);
}

/** Not one that ended and whose parent has not heard of it yet. @param {number} pid */
function isAlive(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
