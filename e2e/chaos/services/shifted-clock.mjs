import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('./shifted-clock.c', import.meta.url));

/**
 * A wall clock that a test sets for processes of its own.
 * @typedef {object} ShiftedClock
 * @property {NodeJS.ProcessEnv} env what a process needs to live by it, with all its children
 * @property {(seconds: number) => void} set how far it is off from now on; starts at 0
 * @property {() => number} seconds
 */

/**
 * Compiles the clock into `folder`; undefined where there is no Linux or no C compiler.
 * @param {string} folder
 * @returns {ShiftedClock | undefined}
 */
export function createShiftedClock(folder) {
  const [library, file] = [join(folder, 'shifted-clock.so'), join(folder, 'shifted-clock')];
  if (process.platform !== 'linux') return undefined;
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE], { stdio: 'pipe' });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
  let current = 0;
  /** @param {number} seconds */
  const set = (seconds) => {
    current = seconds;
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    // In place: the processes have it mapped.
    writeFileSync(file, bytes, { flag: 'r+' });
  };
  writeFileSync(file, Buffer.alloc(8));
  return { env: { LD_PRELOAD: library, SHIFTED_CLOCK: file }, set, seconds: () => current };
}
