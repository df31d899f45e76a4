import type { WarehouseClient } from '../client.ts';
import { sqlText } from '../sql-text.ts';
import { MigrationError } from './migration-error.ts';

/** How a warehouse is made: `{replicated}` in its statements, and over which cluster's shards it is spread, if over any. */
export interface ClusterForm {
  replicated: boolean;
  /** A name of `remote_servers`; in a Replicated database also the database's own. */
  cluster?: string | undefined;
}

/** A person's rows are on one shard, so that nothing per person needs the others. What a view fills stays with its events. */
const SHARDING_KEYS: Readonly<Record<string, string>> = {
  events: 'cityHash64(distinct_id)',
  rejected_events: 'cityHash64(message_id)',
  person_override_versions: 'cityHash64(distinct_id)',
  cohort_members: 'cityHash64(distinct_id)',
};
const BY_VIEW = 'rand()';
const SHARDED = '_local';

/** One statement of a migration as the form wants it: over shards, the table of each and one over all of them. */
export function renderStatement(statement: string, { replicated, cluster }: ClusterForm): string[] {
  const rendered = statement.replaceAll('{replicated}', replicated ? 'Replicated' : '');
  return cluster === undefined ? [rendered] : overShards(rendered, cluster);
}

function overShards(statement: string, cluster: string): string[] {
  const table = /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1];
  if (table) {
    const local = statement.replace(table, `${table}${SHARDED}`);
    return [local, distributed(table, cluster)];
  }
  if (statement.startsWith('CREATE MATERIALIZED VIEW')) {
    // Fed by the shard's own rows, into its own rows.
    return [statement.replace(/ TO (\w+)/, ` TO $1${SHARDED}`).replace(/\bFROM (\w+)/, `FROM $1${SHARDED}`)];
  }
  const [, altered, change = ''] = /^ALTER TABLE (\w+) (.*)$/s.exec(statement) ?? [];
  if (!altered) return [statement];
  const local = `ALTER TABLE ${altered}${SHARDED} ${change}`;
  // The table over all of them has columns, and neither settings nor indexes.
  if (!/^(ADD|DROP|RENAME|MODIFY) COLUMN\b/.test(change)) return [local];
  return [local, `ALTER TABLE ${altered} ${change.replace(/ CODEC\((?:[^()]|\([^()]*\))*\)/g, '')}`];
}

/** A statement that names tables over all shards, or copies of them to rebuild, for the one shard it is sent to. */
export function onShard(statement: string, tables: readonly string[]): string {
  const names = tables.join('|');
  return statement
    .replace(
      new RegExp(`\\b(FROM|INTO|TABLE|EXISTS) (${names})(_rebuild)?\\b`, 'g'),
      (_, word: string, name: string, suffix = '') => `${word} ${name}${SHARDED}${suffix}`,
    )
    .replace(new RegExp(`\\bAS (${names})$`), `AS $1${SHARDED}`);
}

function distributed(table: string, cluster: string): string {
  const key = SHARDING_KEYS[table] ?? BY_VIEW;
  return `CREATE TABLE IF NOT EXISTS ${table} AS ${table}${SHARDED}
ENGINE = Distributed(${sqlText(cluster)}, currentDatabase(), ${table}${SHARDED}, ${key})`;
}

/**
 * The form that a warehouse has; `wanted` is the cluster of one that is not made yet.
 * @throws MigrationError where it is made already, in another form.
 */
export async function clusterForm(client: WarehouseClient, wanted?: string): Promise<ClusterForm> {
  const params = { database: client.database };
  const [database] = await client.query<{ engine: string }>(
    'SELECT engine FROM system.databases WHERE name = {database:String}',
    { params },
  );
  const [events] = await client.query<{ engine_full: string }>(
    "SELECT engine_full FROM system.tables WHERE database = {database:String} AND name = 'events'",
    { params },
  );
  const named = /^Distributed\('((?:[^'\\]|\\.)*)'/.exec(events?.engine_full ?? '')?.[1];
  const cluster = named?.replace(/\\(.)/g, '$1');
  if (events && wanted !== undefined && wanted !== cluster) {
    throw new MigrationError(
      'form',
      `The warehouse is made already, ${cluster === undefined ? 'on one shard' : `over the shards of ${cluster}`}; it cannot be spread over those of ${wanted}.`,
    );
  }
  return { replicated: database?.engine === 'Replicated', cluster: cluster ?? wanted };
}

/** Statements with `{replicated}` as the client's database wants it, on no shard but its own. */
export async function renderReplicated(client: WarehouseClient, statements: string[]): Promise<string[]> {
  const { replicated } = await clusterForm(client);
  return statements.flatMap((statement) => renderStatement(statement, { replicated }));
}
