import type { WarehouseClient } from '../client.ts';
import { type MigrateOptions, planMigrations } from '../migrations/migrate.ts';
import { type Effect, effectOf } from './statement-effect.ts';

/** One statement that `migrate` would run. */
export interface PlannedStatement {
  statement: string;
  risk: Effect['risk'];
  /** In words. */
  why: string;
  /** Rows, and bytes on this server's disks, that it reads or rewrites; 0 for one that is safe. */
  rows: number;
  bytes: number;
}

/** What `migrate` would do to this warehouse. */
export interface SchemaPlan {
  applied: { version: number; name: string }[];
  pending: { version: number; name: string; statements: PlannedStatement[] }[];
}

/**
 * Says of every statement that `migrate` would run whether it is safe, slow or unsafe, and how much it touches. Changes
 * nothing.
 * @throws MigrationError when an applied migration was edited or is missing.
 */
export async function planSchema(options: MigrateOptions): Promise<SchemaPlan> {
  const { applied, pending } = await planMigrations(options);
  const sizes = pending.length > 0 ? await readSizes(options.client) : new Map<string, Size>();
  return {
    applied,
    pending: pending.map(({ version, name, statements }) => ({
      version,
      name,
      statements: statements.map((statement) => plan(statement, sizes)),
    })),
  };
}

interface Size {
  rows: number;
  bytes: number;
}

function plan(statement: string, sizes: Map<string, Size>): PlannedStatement {
  const { risk, why, touches } = effectOf(statement);
  const table = sizes.get(touches?.table ?? '') ?? { rows: 0, bytes: 0 };
  const column = sizes.get(`${touches?.table}.${touches?.column}`)?.bytes ?? 0;
  // In small parts columns stand together, and have no sizes of their own.
  return { statement, risk, why, rows: table.rows, bytes: column || table.bytes };
}

const SIZES = `
SELECT table AS name, sum(rows) AS rows, sum(bytes_on_disk) AS bytes
FROM system.parts WHERE active AND database = {database:String} GROUP BY table
UNION ALL
SELECT concat(table, '.', name) AS name, toUInt64(0) AS rows, data_compressed_bytes AS bytes
FROM system.columns WHERE database = {database:String}`;

/** Of tables, and under `table.column` of columns. */
async function readSizes(client: WarehouseClient): Promise<Map<string, Size>> {
  const params = { database: client.database };
  const rows = await client.query<Size & { name: string }>(SIZES, { params });
  return new Map(
    rows.map(({ name, ...size }) => [name, { rows: Number(size.rows), bytes: Number(size.bytes) }]),
  );
}
