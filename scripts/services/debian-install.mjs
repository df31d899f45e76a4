import { existsSync } from 'node:fs';
import { run } from '../lib/run.mjs';

/**
 * Installs Debian packages that the tests use, if this is Debian, we are root and nobody forbade it. Says so before
 * it does, and prints what went wrong.
 * @param {string} what their common name, for people
 * @param {string[]} packages
 * @returns {Promise<void>}
 */
export async function debianInstall(what, packages) {
  const isDebian = existsSync('/etc/debian_version');
  if (!isDebian || process.getuid?.() !== 0 || process.env.MILLRACE_NO_INSTALL) return;
  console.log(
    `Installing ${what} for the tests: apt-get install ${packages.join(' ')} (MILLRACE_NO_INSTALL=1 forbids it) …`,
  );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  let done = await run(install, { env });
  if (done.code !== 0) {
    await run(['apt-get', 'update'], { env });
    done = await run(install, { env });
  }
  if (done.code !== 0) console.log(done.output.trim().split('\n').slice(-3).join('\n'));
}
