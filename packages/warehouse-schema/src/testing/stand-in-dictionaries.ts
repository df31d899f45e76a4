import { readFileSync } from 'node:fs';
import type { WarehouseClient } from '../client.ts';
import { packageFile } from '../package-files.ts';

/** A row of `phases`, and of `variants`: ranges are half-open here, as in the definitions. */
export interface StandInPhase {
  project_id?: number;
  experiment: string;
  phase?: number;
  unit_type?: string;
  bucketing_version?: number;
  traffic_salt?: string;
  variant_salt?: string;
  traffic?: { start: number; end: number };
  ended_at_ms?: number;
  variants: readonly { start: number; end: number; variant: string }[];
}

/**
 * Tables with the columns of the dictionaries `phases` and `variants`, where no PostgreSQL runs: views cannot tell them
 * from those. What was in them goes.
 */
export async function standInDictionaries(
  client: WarehouseClient,
  phases: readonly StandInPhase[],
): Promise<void> {
  for (const name of ['phases', 'variants']) {
    const text = readFileSync(packageFile(`dictionaries/${name}.sql`), 'utf8');
    const columns = /^CREATE OR REPLACE DICTIONARY \w+\n(\(.*?\n\))/ms.exec(text)?.[1];
    if (!columns) throw new Error(`dictionaries/${name}.sql has no columns`);
    await client.command(`CREATE OR REPLACE TABLE ${name} ${columns} ENGINE = MergeTree ORDER BY tuple()`);
  }
  const keys = phases.map(({ project_id = 1, experiment, phase = 1 }) => ({ project_id, experiment, phase }));
  await insert(
    'phases',
    phases.map((one, n) => ({
      ...keys[n],
      unit_type: one.unit_type ?? 'anonymousId',
      bucketing_version: one.bucketing_version ?? 1,
      traffic_salt: one.traffic_salt ?? 't',
      variant_salt: one.variant_salt ?? 'v',
      traffic_start: one.traffic?.start ?? 0,
      traffic_end: one.traffic?.end ?? 10_000,
      ended_at_ms: one.ended_at_ms ?? 0,
    })),
  );
  await insert(
    'variants',
    phases.flatMap(({ variants }, n) =>
      variants.map(({ start, end, variant }) => ({
        ...keys[n],
        first_bucket: start,
        last_bucket: end - 1,
        variant,
      })),
    ),
  );

  async function insert(table: string, rows: readonly object[]): Promise<void> {
    await client.insertRows(table, [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))]);
  }
}
