import { readFileSync } from 'node:fs';
import type { WarehouseClient } from '../client.ts';
import { packageFile } from '../package-files.ts';
import { splitStatements } from '../split-statements.ts';
import { sqlText } from '../sql-text.ts';

const NAMES = ['projects', 'experiments', 'phases', 'variants', 'users'];

/**
 * Makes the dictionaries through which SQL sees the definitions: `projects`, `experiments`, `phases`, `variants`
 * and `users`, read from PostgreSQL at `postgresUrl` as ClickHouse reaches it, within seconds of a change. Those that are there are
 * replaced. PostgreSQL need not answer yet: a dictionary is loaded when it is first used, and keeps what it has while
 * PostgreSQL is away. The password stands in ClickHouse's own files and is shown to nobody: a user that may only read
 * is enough.
 * @throws Error for a URL that is not one of PostgreSQL; ClickHouseError where the user lacks a right.
 */
export async function createDictionaries(client: WarehouseClient, postgresUrl: string): Promise<void> {
  for (const statement of dictionaryStatements(postgresUrl)) await client.command(statement);
}

/** The statements of `createDictionaries`; they hold the password. */
export function dictionaryStatements(postgresUrl: string): string[] {
  const source = postgresSource(postgresUrl);
  return NAMES.flatMap((name) =>
    splitStatements(readFileSync(packageFile(`dictionaries/${name}.sql`), 'utf8')),
  ).map((statement) => statement.replace('{postgresql}', () => source));
}

function postgresSource(postgresUrl: string): string {
  const url = new URL(postgresUrl);
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError('expected a postgres:// URL');
  const text = (value: string) => sqlText(decodeURIComponent(value));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return [
    'POSTGRESQL(',
    `    HOST ${text(host)}`,
    `    PORT ${Number(url.port) || 5432}`,
    `    USER ${text(url.username || 'postgres')}`,
    `    PASSWORD ${text(url.password)}`,
    `    DB ${text(url.pathname.slice(1) || url.username || 'postgres')}`,
  ].join('\n');
}

/**
 * Reads the dictionaries anew, now. A ClickHouse server does so by itself every few seconds; the embedded one, which
 * is ClickHouse's local form, does not.
 */
export async function reloadDictionaries(client: WarehouseClient): Promise<void> {
  const loaded = await client.query<{ name: string }>(
    'SELECT name FROM system.dictionaries WHERE database = {database:String} AND name IN {names:Array(String)}',
    { params: { database: client.database, names: NAMES } },
  );
  for (const { name } of loaded) {
    await client.command(`SYSTEM RELOAD DICTIONARY ${client.database}.${name}`);
  }
}
