import type { WarehouseClient, WarehouseConnection } from '../client.ts';
import { MoveError } from './move-error.ts';
import { type Move, mark } from './plan-moves.ts';
import { type Contents, contentsOf, readFrom } from './table-contents.ts';
import { transfer } from './transfer.ts';

const TRIES = 3;

/**
 * Moves one partition: into a table beside, compared, then put in place at once, which no view sees.
 * @throws MoveError when what arrived differs from the source three times.
 */
export async function movePartition(
  connections: { from: WarehouseConnection; to: WarehouseConnection },
  { from, to }: { from: WarehouseClient; to: WarehouseClient },
  { table, contents }: Move,
): Promise<void> {
  const beside = `${table.name}_moving`;
  const columns = table.columns.map(({ name }) => `\`${name}\``).join(', ');
  let wanted: Contents | undefined = contents;
  for (let attempt = 1; wanted; attempt += 1) {
    await to.command(`DROP TABLE IF EXISTS ${beside} SYNC`);
    await to.command(`CREATE TABLE ${beside} AS ${table.name}`);
    await keepExpired(to, beside);
    await transfer(
      connections.from,
      `SELECT ${columns} FROM ${readFrom(table)} WHERE _partition_id = {partition:String}`,
      connections.to,
      `INSERT INTO ${beside} (${columns})`,
      { partition: contents.partition },
    );
    const [arrived] = await contentsOf(to, table, beside);
    if (arrived && arrived.hash === wanted.hash && arrived.rows === wanted.rows) {
      await to.command(
        `ALTER TABLE ${table.name} REPLACE PARTITION ID '${contents.partition}' FROM ${beside}`,
      );
      await mark(to, table, wanted);
      break;
    }
    if (attempt === TRIES) {
      throw new MoveError(
        'differs',
        `${table.name}, partition ${contents.partition}: ${wanted.rows} rows at the source, ${arrived?.rows ?? 0} other ones arrived`,
      );
    }
    // Rows may have expired while they were read.
    wanted = (await contentsOf(from, table)).find(({ partition }) => partition === contents.partition);
  }
  await to.command(`DROP TABLE IF EXISTS ${beside} SYNC`);
}

/** Rows that are about to expire must not do so before they are compared. */
async function keepExpired(to: WarehouseClient, table: string): Promise<void> {
  const [row] = await to.query<{ hasTtl: number }>(
    "SELECT engine_full LIKE '% TTL %' AS hasTtl FROM system.tables WHERE database = {database:String} AND name = {table:String}",
    { params: { database: to.database, table } },
  );
  if (row?.hasTtl) await to.command(`ALTER TABLE ${table} REMOVE TTL`);
}
