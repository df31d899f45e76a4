import { isDeepStrictEqual } from 'node:util';
import type { Definitions } from '@millrace/core/evaluation';
import type { ClientBase } from 'pg';
import type { PhaseRow } from './phase-row.ts';

/** What is written: the rows as they shall be, where `recorded` are there. */
export interface PhasesToWrite {
  projectId: number;
  environment: string;
  definitions: Definitions;
  recorded: readonly PhaseRow[];
  planned: readonly PhaseRow[];
}

/** The experiment of each row of $3, in the caller's environment. */
const OF_EXPERIMENT = `JOIN experiments e ON e.project_id = $1 AND e.environment = $2 AND e.key = r.experiment`;

/** Makes the tables hold what was planned. In the caller's transaction, which must not change them otherwise. */
export async function writePhases(client: ClientBase, write: PhasesToWrite): Promise<void> {
  const { projectId, environment, definitions, recorded, planned } = write;
  const run = (text: string, rows: unknown) =>
    client.query(text, [projectId, environment, JSON.stringify(rows)]);

  const experiments = Object.entries(definitions.experiments).map(([key, experiment]) => ({
    key,
    unitType: experiment.unitType ?? 'anonymousId',
    bucketingVersion: experiment.bucketingVersion,
    enabled: experiment.enabled,
  }));
  await run(
    `INSERT INTO experiments AS e (project_id, environment, key, unit_type, bucketing_version, enabled)
     SELECT $1::integer, $2::text, r.key, r."unitType", r."bucketingVersion", r.enabled
     FROM json_to_recordset($3::json) AS r(key text, "unitType" text, "bucketingVersion" integer, enabled boolean)
     ON CONFLICT (project_id, environment, key) DO UPDATE SET unit_type = excluded.unit_type,
       bucketing_version = excluded.bucketing_version, enabled = excluded.enabled, archived_at = NULL`,
    experiments,
  );
  await run(
    `UPDATE experiments SET archived_at = now(), enabled = false
     WHERE project_id = $1 AND environment = $2 AND archived_at IS NULL
       AND key NOT IN (SELECT json_array_elements_text($3::json))`,
    experiments.map(({ key }) => key),
  );

  const before = new Map(recorded.map((row) => [keyOf(row), row]));
  const after = new Set(planned.map(keyOf));
  const changed = planned.filter((row) => !isDeepStrictEqual(before.get(keyOf(row)), row));
  const dropped = recorded.filter((row) => !after.has(keyOf(row)));
  await run(
    `DELETE FROM variants v USING json_to_recordset($3::json) AS r(experiment text, phase integer) ${OF_EXPERIMENT}
       JOIN phases p ON p.experiment_id = e.experiment_id AND p.number = r.phase
     WHERE v.phase_id = p.phase_id`,
    [...changed, ...dropped],
  );
  await run(
    `DELETE FROM phases p USING json_to_recordset($3::json) AS r(experiment text, phase integer) ${OF_EXPERIMENT}
     WHERE p.experiment_id = e.experiment_id AND p.number = r.phase`,
    dropped,
  );
  await upsertPhases(run, changed);
}

async function upsertPhases(
  run: (text: string, rows: unknown) => Promise<unknown>,
  changed: readonly PhaseRow[],
): Promise<void> {
  await run(
    `INSERT INTO phases (experiment_id, number, unit_type, bucketing_version, traffic_salt, variant_salt,
       traffic_start, traffic_end, started_at, ended_at)
     SELECT e.experiment_id, r.phase, r."unitType", r."bucketingVersion", r."trafficSalt", r."variantSalt",
       r."trafficStart", r."trafficEnd", to_timestamp(r."startedAt" / 1000), to_timestamp(r."endedAt" / 1000)
     FROM json_to_recordset($3::json) AS r(experiment text, phase integer, "unitType" text, "bucketingVersion" integer,
       "trafficSalt" text, "variantSalt" text, "trafficStart" integer, "trafficEnd" integer,
       "startedAt" float8, "endedAt" float8) ${OF_EXPERIMENT}
     ON CONFLICT (experiment_id, number) DO UPDATE SET unit_type = excluded.unit_type,
       bucketing_version = excluded.bucketing_version, traffic_salt = excluded.traffic_salt,
       variant_salt = excluded.variant_salt, traffic_start = excluded.traffic_start,
       traffic_end = excluded.traffic_end, started_at = excluded.started_at, ended_at = excluded.ended_at`,
    changed,
  );
  await run(
    `INSERT INTO variants (phase_id, key, range_start, range_end)
     SELECT p.phase_id, r.variant, r.start, r."end"
     FROM json_to_recordset($3::json) AS r(experiment text, phase integer, variant text, start integer, "end" integer)
       ${OF_EXPERIMENT} JOIN phases p ON p.experiment_id = e.experiment_id AND p.number = r.phase`,
    changed.flatMap(({ experiment, phase, variants }) =>
      variants.map((range) => ({ experiment, phase, ...range })),
    ),
  );
}

function keyOf({ experiment, phase }: PhaseRow): string {
  return `${experiment} ${phase}`;
}
