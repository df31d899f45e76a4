import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { EMBEDDED_MIGRATIONS } from './embedded-migrations.ts';
import type { Migration } from './migration.ts';

/** A migration that was applied is not the one in this version of Millrace. */
export class DefinitionsMigrationError extends Error {
  override readonly name = 'DefinitionsMigrationError' as const;
  readonly code: 'migration_edited' | 'migration_missing';

  constructor(code: DefinitionsMigrationError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const LEDGER = `CREATE TABLE IF NOT EXISTS definitions_migrations (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

// Any number will do, as long as nothing else in the database locks on it.
const LOCK_ID = 3_512_001;

/**
 * Applies what is not yet applied, all of it or nothing, and returns the names. Safe to run twice and by
 * several processes at once. Throws `DefinitionsMigrationError` where an applied migration was edited, or
 * is unknown because the database belongs to a newer version.
 */
export async function migrateDefinitions(
  client: ClientBase,
  migrations: readonly Migration[] = EMBEDDED_MIGRATIONS,
): Promise<string[]> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_ID]);
    await client.query(LEDGER);
    const pending = pendingMigrations(migrations, await appliedMigrations(client));
    for (const migration of pending) {
      await client.query(migration.sql);
      await client.query('INSERT INTO definitions_migrations (name, checksum) VALUES ($1, $2)', [
        migration.name,
        checksum(migration),
      ]);
    }
    await client.query('COMMIT');
    return pending.map((migration) => migration.name);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** The migrations that `migrateDefinitions` would apply now; changes nothing and throws as it does. */
export async function planDefinitions(
  client: ClientBase,
  migrations: readonly Migration[] = EMBEDDED_MIGRATIONS,
): Promise<string[]> {
  const ledger = await client.query<{ there: boolean }>(
    `SELECT to_regclass('definitions_migrations') IS NOT NULL AS there`,
  );
  const applied = ledger.rows[0]?.there ? await appliedMigrations(client) : [];
  return pendingMigrations(migrations, applied).map((migration) => migration.name);
}

interface Applied {
  name: string;
  checksum: string;
}

async function appliedMigrations(client: ClientBase): Promise<Applied[]> {
  const result = await client.query<Applied>('SELECT name, checksum FROM definitions_migrations');
  return result.rows;
}

function pendingMigrations(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = known.get(row.name);
    if (!migration) {
      throw new DefinitionsMigrationError(
        'migration_missing',
        `the definitions database has migration ${row.name}, which this version does not know: use the newer version`,
      );
    }
    if (checksum(migration) !== row.checksum) {
      throw new DefinitionsMigrationError(
        'migration_edited',
        `migration ${row.name} was edited after it was applied: restore the file and add a new migration instead`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.name));
  return migrations.filter((migration) => !done.has(migration.name));
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
