import type { WarehouseClient } from '../client.ts';

/** In a database of ENGINE = Replicated every statement reaches every replica, and tables find their own paths. */
export async function isReplicated(client: WarehouseClient): Promise<boolean> {
  const rows = await client.query<{ engine: string }>(
    'SELECT engine FROM system.databases WHERE name = {database:String}',
    { params: { database: client.database } },
  );
  return rows[0]?.engine === 'Replicated';
}

/** Statements with `{replicated}` as the client's database wants it. */
export async function renderReplicated(client: WarehouseClient, statements: string[]): Promise<string[]> {
  const word = (await isReplicated(client)) ? 'Replicated' : '';
  return statements.map((statement) => statement.replaceAll('{replicated}', word));
}
