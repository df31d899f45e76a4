import type { WarehouseClient } from '../client.ts';

/** A table as it is moved. */
export interface MovedTable {
  name: string;
  engine: string;
  columns: { name: string; type: string }[];
}

/** What a partition holds: two that agree in both hold the same rows. */
export interface Contents {
  partition: string;
  rows: number;
  hash: string;
}

/** Tables that are not moved: they are about the warehouse that they are in. */
const OWN = ['schema_migrations', 'warehouse_moves', 'person_runs', 'activity_progress'];

const TABLES = `
SELECT name, engine FROM system.tables
WHERE database = {database:String} AND (engine LIKE '%MergeTree' OR engine = 'Distributed')
  AND name NOT IN {own:Array(String)} AND NOT match(name, '_(rebuild|moving|local)$')
ORDER BY name`;

const COLUMNS = `
SELECT table, name, type FROM system.columns
WHERE database = {database:String} AND default_kind NOT IN ('ALIAS', 'MATERIALIZED', 'EPHEMERAL')
ORDER BY table, position`;

/** The tables of a warehouse that hold rows, with the columns that can be inserted. */
export async function movedTables(client: WarehouseClient): Promise<MovedTable[]> {
  const params = { database: client.database };
  const columns = await client.query<{ table: string; name: string; type: string }>(COLUMNS, { params });
  const tables = await client.query<{ name: string; engine: string }>(TABLES, {
    params: { ...params, own: OWN },
  });
  return tables.map(({ name, engine }) => ({
    name,
    engine,
    columns: columns.filter(({ table }) => table === name).map(({ name, type }) => ({ name, type })),
  }));
}

/**
 * The name of the table in a query that reads its rows as they count: those of an aggregating table are merged, so that
 * it does not matter which merges have run.
 */
export function readFrom(table: MovedTable, name = table.name): string {
  return /(Aggregating|Replacing|Summing|Collapsing)MergeTree$/.test(table.engine) ? `${name} FINAL` : name;
}

/** What each partition of a table holds now. `name`: of another table of the same form. */
export function contentsOf(
  client: WarehouseClient,
  table: MovedTable,
  name = table.name,
): Promise<Contents[]> {
  const values = table.columns.map(({ name: column, type }) => {
    if (type.startsWith('AggregateFunction')) return `finalizeAggregation(\`${column}\`)`;
    return type.startsWith('JSON') ? `toString(\`${column}\`)` : `\`${column}\``;
  });
  return client.query<Contents>(
    `SELECT _partition_id AS partition, count() AS rows, toString(sum(cityHash64(${values.join(', ')}))) AS hash
     FROM ${readFrom(table, name)} GROUP BY partition ORDER BY partition`,
    { settings: { max_execution_time: 0 } },
  );
}
