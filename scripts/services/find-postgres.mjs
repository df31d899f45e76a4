import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianInstall } from './debian-install.mjs';

const DEBIAN = '/usr/lib/postgresql';

/**
 * The folder with PostgreSQL's programs: Debian's newest, else the one on PATH; undefined where there is none.
 * @returns {string | undefined}
 */
export function findPostgres() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')));
}

/**
 * Installs Debian's PostgreSQL where it is missing, this is Debian and we are root; resolves with whether it is
 * there now. Says so before it does.
 * @returns {Promise<boolean>}
 */
export async function ensurePostgres() {
  if (findPostgres()) return true;
  await debianInstall('PostgreSQL', ['postgresql']);
  return findPostgres() !== undefined;
}

/**
 * A user that PostgreSQL, which refuses root, can run as; undefined where we are not root.
 * @param {string} passwd the text of /etc/passwd
 * @returns {{uid: number, gid: number} | undefined}
 */
export function postgresUser(passwd) {
  if (process.getuid?.() !== 0) return undefined;
  const users = passwd.split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * What a command is prefixed with so that it ends with the process that starts it; nothing where the system has no
 * such thing.
 * @returns {string[]}
 */
export function endsWithParent() {
  const setpriv = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, 'setpriv'));
  const found = process.platform === 'linux' ? setpriv.find((file) => existsSync(file)) : undefined;
  return found ? [found, '--pdeathsig', 'INT'] : [];
}
