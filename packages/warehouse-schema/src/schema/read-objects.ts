import type { WarehouseClient } from '../client.ts';

/** Who made it, and from what: name to statement. */
export type Objects = Map<string, string>;

const OBJECTS = `
SELECT name, create_table_query FROM system.tables
WHERE database = {database:String} AND NOT endsWith(name, '_rebuild') AND NOT endsWith(name, '_moving')
ORDER BY name`;

/**
 * Every table, view and dictionary of a database, with the statement that would make it in the database `named`. Tables
 * that are replicated read as if they were not, as the ones that they are compared with are made without Keeper.
 */
export async function readObjects(client: WarehouseClient, named = client.database): Promise<Objects> {
  const rows = await client.query<{ name: string; create_table_query: string }>(OBJECTS, {
    params: { database: client.database },
  });
  return new Map(
    rows.map(({ name, create_table_query }) => [
      name,
      create_table_query
        .replaceAll(client.database, named)
        .replace(/ENGINE = Replicated(\w*MergeTree)(\('[^']*', '[^']*'(?:, )?([^)]*)\))?/, unreplicated),
    ]),
  );
}

function unreplicated(_: string, engine: string, __: string, rest = ''): string {
  return `ENGINE = ${engine}${rest === '' ? '' : `(${rest})`}`;
}
