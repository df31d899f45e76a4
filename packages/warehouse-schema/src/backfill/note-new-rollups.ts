import type { WarehouseClient } from '../client.ts';
import { ROLLUPS, type Rollup } from '../rollups/rollups.ts';
import { noteRollup, ROLLUP_STEP } from './backfill-notes.ts';

/** The rollups whose view over `events` is made by one of the statements, as a migration has them. */
function rollupsMadeBy(statements: readonly string[]): Rollup[] {
  return ROLLUPS.filter(({ name }) =>
    statements.some((text) => new RegExp(`^CREATE MATERIALIZED VIEW .* TO ${name}(_local)? `).test(text)),
  );
}

/** Notes that the rollups of a migration have to be filled, where there are events that came before their views. */
export async function noteNewRollups(client: WarehouseClient, statements: readonly string[]): Promise<void> {
  const made = rollupsMadeBy(statements);
  if (made.length === 0 || !(await hasEvents(client))) return;
  for (const { name } of made) await noteRollup(client, name, ROLLUP_STEP.pending);
}

async function hasEvents(client: WarehouseClient): Promise<boolean> {
  const [row] = await client.query<{ rows: number }>(
    `SELECT sum(rows) AS rows FROM system.parts
     WHERE active AND database = {database:String} AND table IN ('events', 'events_local')`,
    { params: { database: client.database } },
  );
  return Number(row?.rows ?? 0) > 0;
}
