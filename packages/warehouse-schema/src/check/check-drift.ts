import { randomBytes } from 'node:crypto';
import type { WarehouseClient } from '../client.ts';
import { CHECK_DATABASE_PREFIX, DATABASE } from '../database.ts';
import { applyMigrations, planMigrations } from '../migrations/migrate.ts';
import { clusterForm } from '../migrations/render-cluster.ts';
import type { Finding } from './finding.ts';

/**
 * Compares every table and view with what the applied migrations make of an empty database: one is made for it, and
 * dropped again.
 */
export async function checkDrift(client: WarehouseClient): Promise<Finding[]> {
  const { pending } = await planMigrations({ client });
  if (pending.length > 0) return [];
  const name = `${CHECK_DATABASE_PREFIX}${randomBytes(6).toString('hex')}`;
  const scratch = client.inDatabase(name);
  try {
    await scratch.createDatabase();
    await applyMigrations({ client: scratch, cluster: (await clusterForm(client)).cluster });
    return differences(await definitions(scratch), await definitions(client), client.database);
  } finally {
    await client.command(`DROP DATABASE IF EXISTS ${name} SYNC`);
    await scratch.close();
  }
}

async function definitions(client: WarehouseClient): Promise<Map<string, string>> {
  const rows = await client.query<{ name: string; create_table_query: string }>(
    `SELECT name, create_table_query FROM system.tables
     WHERE database = {database:String} AND name NOT LIKE '%\\_rebuild' ORDER BY name`,
    { params: { database: client.database } },
  );
  return new Map(
    rows.map((row) => [
      row.name,
      row.create_table_query
        // What names its dictionary with the database says that of the real one in the copy, too.
        .replaceAll(new RegExp(`\`?\\b(${client.database}|${DATABASE})\\b\`?\\.`, 'g'), '')
        .replace(`'${client.database}'`, 'currentDatabase()')
        // The copy to compare with is made without Keeper.
        .replace(/ENGINE = Replicated(\w*MergeTree)(\('[^']*', '[^']*'\))?/, 'ENGINE = $1'),
    ]),
  );
}

function differences(wanted: Map<string, string>, found: Map<string, string>, database: string): Finding[] {
  const findings: Finding[] = [];
  for (const [name, definition] of wanted) {
    const other = found.get(name);
    if (other === undefined) {
      findings.push({
        severity: 'error',
        code: 'table_missing',
        message: `${name} is missing, though its migration was applied.`,
        fix: `Make it again: ${definition}`,
      });
    } else if (other !== definition) {
      findings.push({
        severity: 'warning',
        code: 'table_differs',
        message: `${name} differs from its migrations: ${firstDifference(definition, other)}.`,
        fix: `Compare SHOW CREATE TABLE ${database}.${name} with the migrations, and undo what was changed by hand.`,
      });
    }
  }
  return findings;
}

const AROUND = 60;

function firstDifference(wanted: string, found: string): string {
  let at = 0;
  while (at < wanted.length && wanted[at] === found[at]) at += 1;
  const from = Math.max(0, at - AROUND / 2);
  return `expected "…${wanted.slice(from, at + AROUND)}…", found "…${found.slice(from, at + AROUND)}…"`;
}
