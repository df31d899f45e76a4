import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../package-files.ts';
import { splitStatements } from '../split-statements.ts';
import { MigrationError } from './migration-error.ts';

/** One numbered file of `migrations/`. */
export interface Migration {
  version: number;
  /** The file's name without its number and ending. */
  name: string;
  /** SHA-256 of the file's bytes, in hex. */
  checksum: string;
  /** As in the file, with `{replicated}` still in place. */
  statements: string[];
}

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/**
 * All migrations, in order. They are numbered without a gap from 1.
 * @throws MigrationError for a file that is named otherwise, a gap, or text after the last `;`.
 */
export function readMigrations(folder: string = packageFile('migrations')): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const [, number, name] = FILE_NAME.exec(file) ?? [];
    if (number === undefined || name === undefined) {
      throw new MigrationError('bad_file', `${file}: expected a name like 0001_events.sql`);
    }
    if (Number(number) !== index + 1) {
      throw new MigrationError(
        'bad_file',
        `${file}: expected number ${index + 1}, since they go up by one from 1`,
      );
    }
    const text = readFileSync(join(folder, file), 'utf8');
    const checksum = createHash('sha256').update(text).digest('hex');
    return { version: index + 1, name, checksum, statements: statementsOf(text, file) };
  });
}

function statementsOf(text: string, file: string): string[] {
  try {
    return splitStatements(text);
  } catch (error) {
    throw new MigrationError(
      'bad_file',
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
