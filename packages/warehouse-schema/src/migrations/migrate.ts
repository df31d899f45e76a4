import { BACKFILL_NOTES } from '../backfill/backfill-notes.ts';
import { noteNewRollups } from '../backfill/note-new-rollups.ts';
import type { WarehouseClient } from '../client.ts';
import { MigrationError } from './migration-error.ts';
import { type Migration, readMigrations } from './read-migrations.ts';
import { type ClusterForm, clusterForm, renderStatement } from './render-cluster.ts';

export interface MigrateOptions {
  client: WarehouseClient;
  /** Render the tables as Replicated*. @default whether the database has ENGINE = Replicated */
  replicated?: boolean;
  /**
   * Spread the tables over the shards of this cluster: `events` is one `Distributed` over `events_local` of each, and so
   * on. Without a Replicated database, each shard is migrated by itself. @default as the warehouse is already
   */
  cluster?: string | undefined;
  /** Where the files are. @default the package's own */
  folder?: string;
  /** Only the migrations of these numbers. @default all */
  versions?: readonly number[];
}

/** What `migrate` did, or `planMigrations` would do. */
export interface MigrationPlan {
  applied: { version: number; name: string }[];
  /** Still to be applied, with the statements as they will run. */
  pending: { version: number; name: string; statements: string[] }[];
}

/** Every statement may run again, so concurrent runners need no lock; the table keeps one row for each version. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    version    UInt32,
    name       String,
    checksum   String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/**
 * Says what `migrate` would do, and changes nothing.
 * @throws MigrationError when an applied migration was edited or is missing.
 */
export async function planMigrations(options: MigrateOptions): Promise<MigrationPlan> {
  const known = readMigrations(options.folder);
  const done = await readApplied(options.client);
  verify(known, done);
  const files = known.filter(({ version }) => options.versions?.includes(version) ?? true);
  const form = await formOf(options);
  const isDone = (file: Migration) => done.some((row) => row.version === file.version);
  return {
    applied: files.filter(isDone).map(({ version, name }) => ({ version, name })),
    pending: files
      .filter((file) => !isDone(file))
      .map(({ version, name, statements }) => ({
        version,
        name,
        statements: statements.flatMap((statement) => renderStatement(statement, form)),
      })),
  };
}

/**
 * Brings the warehouse to the newest schema; makes the database if it is missing. May run twice, by several processes
 * at once, and again after it was cut off: a version is noted once all its statements have run.
 * @throws MigrationError when an applied migration was edited or is missing.
 */
export async function migrate(options: MigrateOptions): Promise<MigrationPlan> {
  await options.client.createDatabase();
  return applyMigrations(options);
}

/** As `migrate`, in a database that exists. */
export async function applyMigrations(options: MigrateOptions): Promise<MigrationPlan> {
  const { replicated, cluster } = await formOf(options);
  // Of each server, or each shard's replicas, by itself.
  for (const table of [BOOKKEEPING, BACKFILL_NOTES]) {
    for (const statement of renderStatement(table, { replicated })) await options.client.command(statement);
  }
  const plan = await planMigrations({ ...options, replicated, cluster });
  const checksums = new Map(readMigrations(options.folder).map((file) => [file.version, file.checksum]));
  for (const { version, name, statements } of plan.pending) {
    for (const statement of statements) await options.client.command(statement);
    await noteNewRollups(options.client, statements);
    await options.client.command(
      'INSERT INTO schema_migrations (version, name, checksum) VALUES ({version:UInt32}, {name:String}, {checksum:String})',
      { params: { version, name, checksum: checksums.get(version) } },
    );
  }
  return plan;
}

interface AppliedRow {
  version: number;
  name: string;
  checksum: string;
}

async function readApplied(client: WarehouseClient): Promise<AppliedRow[]> {
  const exists = await client.query<{ n: number }>(
    "SELECT count() AS n FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'",
    { params: { database: client.database } },
  );
  if (exists[0]?.n !== 1) return [];
  return client.query<AppliedRow>(
    'SELECT version, name, checksum FROM schema_migrations ORDER BY version, applied_at LIMIT 1 BY version',
  );
}

function verify(files: Migration[], done: AppliedRow[]): void {
  const newest = files.length;
  for (const row of done) {
    const label = `${String(row.version).padStart(4, '0')}_${row.name}.sql`;
    const file = files.find(({ version }) => version === row.version);
    if (file === undefined && row.version > newest) {
      throw new MigrationError(
        'newer',
        `The warehouse holds migration ${label}, which this Millrace does not know: it was written by a newer version. Update Millrace.`,
      );
    }
    if (file === undefined || file.name !== row.name) {
      throw new MigrationError(
        'missing',
        `Migration ${label} was applied to this warehouse, but its file is gone.`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationError(
        'edited',
        `Migration ${label} was edited after it was applied to this warehouse. Restore it and write a new one.`,
      );
    }
  }
}

async function formOf({ client, replicated, cluster }: MigrateOptions): Promise<ClusterForm> {
  const found = await clusterForm(client, cluster);
  return { ...found, replicated: replicated ?? found.replicated };
}
