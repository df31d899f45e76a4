import { readFileSync } from 'node:fs';
import type { WarehouseClient, WarehouseConnection } from '../client.ts';
import { packageFile } from '../package-files.ts';
import { splitStatements } from '../split-statements.ts';
import { sqlText } from '../sql-text.ts';

/**
 * Makes the dictionaries `person_overrides` and `person_keys`, through which SQL sees who an id is; those that are there are replaced. ClickHouse
 * reads its own table as the user of `connection`; the password stands in ClickHouse's own files and is shown to nobody.
 * @throws ClickHouseError where the user lacks the right to make dictionaries.
 */
export async function createPersonDictionary(
  client: WarehouseClient,
  { username, password }: Pick<WarehouseConnection, 'username' | 'password'>,
): Promise<void> {
  // Without a host, ClickHouse asks itself, past the network.
  const source = `CLICKHOUSE(USER ${sqlText(username)} PASSWORD ${sqlText(password)}`;
  // Within the text of a query, which is within a text.
  const database = sqlText(`\`${client.database.replace(/[\\`]/g, '\\$&')}\``).slice(1, -1);
  const text = readFileSync(packageFile('dictionaries/person_overrides.sql'), 'utf8');
  for (const statement of splitStatements(text)) {
    await client.command(
      statement.replace('{clickhouse}', () => source).replaceAll('{database}', () => database),
    );
  }
}

/** Has the dictionaries read anew, now. A ClickHouse server does so by itself within seconds; the embedded one does not. */
export async function reloadPersonDictionary(client: WarehouseClient): Promise<void> {
  for (const name of ['person_overrides', 'person_keys'])
    await client.command(`SYSTEM RELOAD DICTIONARY ${client.database}.${name}`);
}
