import { randomBytes } from 'node:crypto';
import type { WarehouseClient } from '../client.ts';
import { CHECK_DATABASE_PREFIX } from '../database.ts';
import { createDictionaries } from '../dictionaries/create-dictionaries.ts';
import { applyMigrations, type MigrateOptions } from '../migrations/migrate.ts';
import { clusterForm } from '../migrations/render-cluster.ts';
import { createPersonDictionary } from '../people/person-dictionary.ts';
import { type Objects, readObjects } from './read-objects.ts';

/** Dictionaries are made with other passwords, and load nothing before they are asked. */
const NOBODY = { username: 'nobody', password: 'nothing' };
const NOWHERE = 'postgres://nobody:nothing@127.0.0.1:1/nothing';

/**
 * What the migrations make of an empty database, by the server's own words: one is made for it, and dropped again.
 * `versions`: the migrations that count.
 */
export async function declaredObjects(
  client: WarehouseClient,
  versions: readonly number[],
  { folder }: Pick<MigrateOptions, 'folder'> = {},
): Promise<Objects> {
  const name = `${CHECK_DATABASE_PREFIX}${randomBytes(6).toString('hex')}`;
  const scratch = client.inDatabase(name);
  try {
    await scratch.createDatabase();
    const { cluster } = await clusterForm(client);
    await applyMigrations({
      client: scratch,
      cluster,
      versions,
      ...(folder === undefined ? {} : { folder }),
    });
    // Who may make no dictionaries has none that could differ.
    await createPersonDictionary(scratch, NOBODY).catch(() => {});
    await createDictionaries(scratch, NOWHERE).catch(() => {});
    return await readObjects(scratch, client.database);
  } finally {
    await client.command(`DROP DATABASE IF EXISTS ${name} SYNC`);
    await scratch.close();
  }
}
