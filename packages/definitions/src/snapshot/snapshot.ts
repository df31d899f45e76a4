import type { ClientBase } from 'pg';
import type { CurrentDefinitions, CurrentDocument } from '../history/stored-definitions.ts';
import type { ActiveKeys } from '../store/definitions-store.ts';

/** All definitions as of `version`, rows as PostgreSQL writes them as JSON. */
export interface Snapshot {
  format: 1;
  version: number;
  tables: Record<string, SnapshotRow[]>;
}

type SnapshotRow = Record<string, unknown>;

type DocumentRow = Omit<CurrentDocument, 'projectId'> & { project_id: number };

/** Every table of definitions, each after those it refers to. */
export const TABLES = [
  'projects',
  'write_keys',
  'members',
  'definitions_documents',
  'experiments',
  'phases',
  'variants',
  'cohorts',
  'suppressed_ids',
  'alert_rules',
] as const;

/** Reads all definitions in one statement, so that they belong together. */
export async function takeSnapshot(client: ClientBase): Promise<Snapshot> {
  const columns = TABLES.map(
    (table) => `'${table}', (SELECT coalesce(json_agg(t ORDER BY t), '[]') FROM ${table} t)`,
  );
  // Times are written in the session's zone, and PGlite's clients share one session.
  await client.query(`BEGIN; SET LOCAL TimeZone = 'UTC'`);
  const { rows } = await client.query<Omit<Snapshot, 'format'>>(
    `SELECT version::float8 AS version, json_build_object(${columns.join(', ')}) AS tables
     FROM definitions_version`,
  );
  await client.query('COMMIT');
  const [row] = rows;
  if (!row) throw new Error('the definitions have no version: the table definitions_version is empty');
  return { format: 1, version: row.version, tables: row.tables };
}

/** Replaces all definitions by those of the snapshot, or changes nothing. The tables must be migrated. */
export async function restoreSnapshot(client: ClientBase, snapshot: Snapshot): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`TRUNCATE ${TABLES.join(', ')}`);
    for (const table of TABLES) await restoreTable(client, table, snapshot.tables[table] ?? []);
    await client.query('UPDATE definitions_version SET version = greatest(version, $1::bigint) + 1', [
      snapshot.version,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** The keys of the snapshot that are not revoked. */
export function snapshotKeys(snapshot: Snapshot): ActiveKeys {
  const retention = new Map(
    (snapshot.tables.projects ?? []).map((row) => [row.project_id, Number(row.retention_days)]),
  );
  const keys = (snapshot.tables.write_keys ?? [])
    .filter((row) => row.revoked_at === null && retention.has(row.project_id))
    .map((row) => ({
      writeKey: String(row.write_key),
      // A copy of an older version has keys for clients only.
      kind: row.kind === 'server' ? ('server' as const) : ('client' as const),
      projectId: Number(row.project_id),
      retentionDays: retention.get(row.project_id) ?? 0,
      loopbackOnly: row.loopback_only === true,
    }));
  return { version: snapshot.version, keys };
}

/** The newest documents of the snapshot. */
export function snapshotDefinitions(snapshot: Snapshot): CurrentDefinitions {
  const newest = new Map<string, CurrentDocument>();
  for (const row of snapshot.tables.definitions_documents ?? []) {
    const { project_id: projectId, environment, version, document } = row as unknown as DocumentRow;
    const place = `${projectId} ${environment}`;
    if (version > (newest.get(place)?.version ?? 0)) {
      newest.set(place, { projectId, environment, version, document });
    }
  }
  return { version: snapshot.version, documents: [...newest.values()] };
}

async function restoreTable(
  client: ClientBase,
  table: (typeof TABLES)[number],
  rows: SnapshotRow[],
): Promise<void> {
  const known = await client.query<{ name: string; identity: boolean }>(
    `SELECT column_name AS name, is_identity = 'YES' AS identity FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1`,
    [table],
  );
  const [first] = rows;
  if (first) {
    // A column that an older snapshot lacks gets its default; one that it has too much is left out.
    const columns = known.rows.map((column) => column.name).filter((name) => name in first);
    const list = columns.map((name) => `"${name}"`).join(', ');
    await client.query(
      `INSERT INTO ${table} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }
  for (const { name } of known.rows.filter((column) => column.identity)) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', '${name}'),
         coalesce((SELECT max("${name}") FROM ${table}), 0) + 1, false)`,
    );
  }
}
