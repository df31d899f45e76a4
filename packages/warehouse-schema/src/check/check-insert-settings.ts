import { INSERT_SETTINGS, type WarehouseClient } from '../client.ts';
import type { Finding } from './finding.ts';

/** Those of the settings of an insert that guarantee 2 rests on; the others are about how JSON is read. */
const DECISIVE = [
  'async_insert',
  'insert_deduplicate',
  'deduplicate_blocks_in_dependent_materialized_views',
  'distributed_foreground_insert',
  'materialized_views_ignore_errors',
  'max_insert_threads',
];

/** Whether this user's inserts run with the settings that they ask for: a profile or a proxy may hold others. */
export async function checkInsertSettings(client: WarehouseClient): Promise<Finding[]> {
  const sql = 'SELECT name, value FROM system.settings WHERE name IN {names:Array(String)} ORDER BY name';
  const query = { params: { names: DECISIVE }, settings: INSERT_SETTINGS };
  let rows: { name: string; value: string }[];
  try {
    rows = await client.query(sql, query);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [finding(`ClickHouse refuses the settings of an insert: ${words}`)];
  }
  return rows.flatMap(({ name, value }) => {
    const wanted = String(INSERT_SETTINGS[name]);
    if (value === wanted) return [];
    return [
      finding(`Inserts ask for ${name} = ${wanted}, but run with ${value}: events may be counted twice.`),
    ];
  });
}

function finding(message: string): Finding {
  return {
    severity: 'error',
    code: 'insert_setting',
    message,
    fix: "Let the user's settings profile allow it, and let no proxy change the settings of a request.",
  };
}
