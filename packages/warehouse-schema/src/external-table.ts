import type { WarehouseConnection } from './client.ts';

/** Rows that go along with one query, as a table that only it can see: for lists that no parameter could hold. */
export interface ExternalTable {
  name: string;
  /** Columns as in `CREATE TABLE`. */
  structure: string;
  /** Each row as an array of its values. */
  rows: readonly unknown[][];
}

/**
 * Runs a query that reads an external table, which the ClickHouse client cannot send.
 * @throws Error with ClickHouse's words when it refuses the query.
 */
export async function queryWithTable<Row>(
  connection: WarehouseConnection & { database: string },
  sql: string,
  table: ExternalTable,
  params: Record<string, string | number>,
  signal?: AbortSignal,
): Promise<Row[]> {
  const url = new URL(connection.url);
  url.searchParams.set('query', sql);
  url.searchParams.set('database', connection.database);
  url.searchParams.set('default_format', 'JSONEachRow');
  url.searchParams.set('output_format_json_quote_64bit_integers', '0');
  url.searchParams.set('wait_end_of_query', '1');
  url.searchParams.set(`${table.name}_structure`, table.structure);
  url.searchParams.set(`${table.name}_format`, 'JSONCompactEachRow');
  for (const [name, value] of Object.entries(params))
    url.searchParams.set(`param_${name}`, escapeParam(value));
  const form = new FormData();
  form.set(table.name, new Blob([table.rows.map((row) => `${JSON.stringify(row)}\n`).join('')]), table.name);
  const timeout = AbortSignal.timeout(connection.requestTimeoutMs ?? 60_000);
  const response = await fetch(url, {
    method: 'POST',
    body: form,
    headers: { 'X-ClickHouse-User': connection.username, 'X-ClickHouse-Key': connection.password },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim());
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** ClickHouse reads a parameter as a tab-separated field. */
function escapeParam(value: string | number): string {
  return String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}
