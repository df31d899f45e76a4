import { isDeepStrictEqual } from 'node:util';
import pg, { type ClientBase } from 'pg';
import { migrateDefinitions } from '../migrations/migrate.ts';
import { DefinitionsError } from '../store/definitions-error.ts';
import { restoreSnapshot, type Snapshot, TABLES, takeSnapshot } from './snapshot.ts';

/** What `moveDefinitions` found or did. */
export interface MovedDefinitions {
  /** Rows by table, the same on both sides. */
  rows: Record<string, number>;
  /** The target held all of it already, from an earlier call. */
  wasThere: boolean;
}

/**
 * Copies all definitions from one PostgreSQL to another, which must hold none, and compares the two, row by row. All
 * in one transaction of the target: cut off, it has changed nothing, and the call can be repeated; once it has
 * succeeded, a repetition finds the same rows and changes nothing. The source is only read, but brought to this
 * version's schema. Throws `DefinitionsError` `not_empty` where the target holds other definitions, `changed` where
 * the source changed meanwhile.
 */
export async function moveDefinitions(options: { from: string; to: string }): Promise<MovedDefinitions> {
  return withClient(options.from, (source) =>
    withClient(options.to, async (target) => {
      await migrateDefinitions(source);
      await migrateDefinitions(target);
      const wanted = await takeSnapshot(source);
      const found = await takeSnapshot(target);
      const wasThere = sameRows(wanted, found);
      const holds = TABLES.filter((table) => rowsOf(found, table).length > 0);
      if (!wasThere) {
        if (holds.length > 0) {
          const counts = holds.map((table) => `${rowsOf(found, table).length} ${table}`).join(', ');
          throw new DefinitionsError(
            'not_empty',
            `the target already holds other definitions (${counts}): name an empty database`,
          );
        }
        await restoreSnapshot(target, wanted);
        if (!sameRows(wanted, await takeSnapshot(target))) {
          throw new Error('the target does not hold what was written to it');
        }
      }
      if (!sameRows(wanted, await takeSnapshot(source))) {
        throw new DefinitionsError(
          'changed',
          'the definitions changed while they were moved: stop Millrace first',
        );
      }
      return {
        rows: Object.fromEntries(TABLES.map((table) => [table, rowsOf(wanted, table).length])),
        wasThere,
      };
    }),
  );
}

async function withClient<T>(connectionString: string, use: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Whatever the order: the two may sort text differently. */
function sameRows(one: Snapshot, other: Snapshot): boolean {
  const sorted = (snapshot: Snapshot, table: string) =>
    rowsOf(snapshot, table)
      .map((row) => JSON.stringify(row))
      .sort();
  return TABLES.every((table) => isDeepStrictEqual(sorted(one, table), sorted(other, table)));
}

function rowsOf(snapshot: Snapshot, table: string): readonly Record<string, unknown>[] {
  return snapshot.tables[table] ?? [];
}
