import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { dataPaths } from './data-paths.ts';
import { makeFolder } from './make-folder.ts';
import { createFile } from './synced-file.ts';

/** The secrets of one data folder, made at random when first needed. */
export interface Credentials {
  adminToken: string;
  clickhouseAdminPassword: string;
  clickhouseReaderPassword: string;
}

/** The file `credentials` cannot be used. */
class CredentialsError extends Error {
  override readonly name = 'CredentialsError' as const;
  readonly code = 'invalid_credentials';
}

const NAMES = ['adminToken', 'clickhouseAdminPassword', 'clickhouseReaderPassword'] as const;

/**
 * The credentials of a data folder; `created` says that they are new. The folder and the file, for its owner
 * alone, are made where they are missing. Throws `CredentialsError` where the file is damaged: a new one
 * would lock everyone out who was given the old.
 */
export async function ensureCredentials(
  dataDir: string,
): Promise<{ credentials: Credentials; created: boolean }> {
  const file = dataPaths(dataDir).credentials;
  const existing = await readCredentials(dataDir);
  if (existing) return { credentials: existing, created: false };
  await makeFolder(dataDir);
  const made = Object.fromEntries(NAMES.map((name) => [name, randomBytes(24).toString('hex')]));
  const created = await createFile(file, `${JSON.stringify(made, null, 2)}\n`);
  const credentials = await readCredentials(dataDir);
  if (!credentials) throw new CredentialsError(`${file} was removed while it was being made`);
  return { credentials, created };
}

/** The credentials of a data folder, or undefined where it has none yet. */
export async function readCredentials(dataDir: string): Promise<Credentials | undefined> {
  const file = dataPaths(dataDir).credentials;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  return parse(text, file);
}

function parse(text: string, file: string): Credentials {
  let value: Partial<Record<string, unknown>> | null;
  try {
    value = JSON.parse(text) as Partial<Record<string, unknown>> | null;
  } catch {
    throw new CredentialsError(`${file} is not JSON: restore it, or remove it and start again`);
  }
  const missing = NAMES.filter((name) => typeof value?.[name] !== 'string' || value[name] === '');
  if (missing.length > 0) {
    throw new CredentialsError(
      `${file} lacks ${missing.join(', ')}: restore it, or remove it and start again`,
    );
  }
  return value as unknown as Credentials;
}
