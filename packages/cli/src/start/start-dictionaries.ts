import { createDictionaries, createWarehouseClient } from '@millrace/warehouse-schema';
import { type Config, isLoopback } from '../config/read-config.ts';
import type { WarehouseAccess } from '../installation/warehouse-access.ts';

/**
 * Lets ClickHouse see the definitions through its dictionaries. Nothing else rests on them, so a failure is said and
 * not thrown.
 */
export async function startDictionaries(options: {
  config: Config;
  connectionString: string;
  access: WarehouseAccess;
  log: (line: string) => void;
}): Promise<void> {
  const { config, connectionString, access, log } = options;
  const source = config.clickhouseDatabaseUrl ?? connectionString;
  const isElsewhere = !isLoopback(new URL(access.admin.url).hostname.replace(/^\[|\]$/g, ''));
  if (isElsewhere && isLoopback(new URL(source).hostname.replace(/^\[|\]$/g, ''))) {
    log(
      'no dictionaries: ClickHouse on another machine cannot reach definitions on this one (set DATABASE_URL)',
    );
    return;
  }
  const client = createWarehouseClient(access.admin);
  try {
    await createDictionaries(client, source);
  } catch (error) {
    // The statement holds a password; ClickHouse's words may quote it.
    const words = (error instanceof Error ? error.message : String(error))
      .split(password(source))
      .join('***');
    log(`no dictionaries over the definitions: ${words}`);
  } finally {
    await client.close();
  }
}

function password(url: string): string {
  return decodeURIComponent(new URL(url).password) || '\0';
}
