import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file system of its own that can be filled up.
 * @typedef {object} SmallDisk
 * @property {() => void} fill leaves next to nothing
 * @property {() => void} free gives back what `fill` took
 * @property {() => void} unmount may be called twice
 */

/**
 * Mounts a tmpfs at `folder`, which is made; undefined where this process may not mount.
 * @param {string} folder
 * @param {number} megabytes
 * @returns {SmallDisk | undefined}
 */
export function mountSmallDisk(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  const filler = join(folder, 'filler');
  let isMounted = true;
  const unmount = () => {
    if (!isMounted) return;
    isMounted = false;
    // Lazily: a process that was just killed may not have let go of it.
    execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
  };
  process.once('exit', unmount);
  return {
    fill() {
      for (let spare = 0; ; spare += 64 * 1024) {
        const { bavail, bsize } = statfsSync(folder);
        const bytes = Math.max(bsize, bavail * bsize - spare);
        const { status } = spawnSync('fallocate', ['-l', String(bytes), filler], { stdio: 'ignore' });
        // Others write at the same time, and take what was free a moment ago; they are welcome to the rest.
        if (status === 0 || bytes === bsize) return;
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount() {
      process.off('exit', unmount);
      unmount();
    },
  };
}
