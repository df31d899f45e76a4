import {
  createPersonDictionary,
  type WarehouseClient,
  type WarehouseConnection,
} from '@millrace/warehouse-schema';

/** Lets SQL see who an id is. Events are taken and loaded without it, so a failure is said and not thrown. */
export async function startPersonDictionary(
  client: WarehouseClient,
  admin: WarehouseConnection,
  log: (line: string) => void,
): Promise<void> {
  try {
    await createPersonDictionary(client, admin);
  } catch (error) {
    // The statement holds a password; ClickHouse's words may quote it.
    const words = (error instanceof Error ? error.message : String(error))
      .split(admin.password || '\0')
      .join('***');
    log(`no dictionary of people, so insights cannot answer: ${words}`);
  }
}
