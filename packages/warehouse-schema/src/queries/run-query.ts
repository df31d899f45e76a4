import { readFileSync } from 'node:fs';
import type { QueryOptions, WarehouseClient } from '../client.ts';
import { packageFile } from '../package-files.ts';

const texts = new Map<string, string>();

/** The text of `queries/<name>.sql`, read once. */
export function queryText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = readFileSync(packageFile(`queries/${name}.sql`), 'utf8');
    texts.set(name, text);
  }
  return text;
}

/** Runs `queries/<name>.sql` with its parameters, which ClickHouse binds. */
export function runQuery<Params extends object, Row>(
  client: WarehouseClient,
  name: string,
  params: Params,
  options: Omit<QueryOptions, 'params'> = {},
): Promise<Row[]> {
  return client.query<Row>(queryText(name), { ...options, params: { ...params } as Record<string, unknown> });
}
