import type { ClientBase } from 'pg';
import type { PhaseRow } from './phase-row.ts';

const MILLISECONDS = (column: string) => `floor(extract(epoch FROM ${column}) * 1000)::float8`;

/** What is recorded of the phases of an environment, in the tables that ClickHouse's dictionaries read. */
export async function readPhases(
  client: ClientBase,
  projectId: number,
  environment: string,
): Promise<PhaseRow[]> {
  const { rows } = await client.query<PhaseRow>(
    `SELECT e.key AS experiment, p.number AS phase, p.unit_type AS "unitType",
       p.bucketing_version AS "bucketingVersion", p.traffic_salt AS "trafficSalt", p.variant_salt AS "variantSalt",
       p.traffic_start AS "trafficStart", p.traffic_end AS "trafficEnd",
       ${MILLISECONDS('p.started_at')} AS "startedAt", ${MILLISECONDS('p.ended_at')} AS "endedAt",
       coalesce((SELECT json_agg(json_build_object('start', v.range_start, 'end', v.range_end, 'variant', v.key)
         ORDER BY v.range_start) FROM variants v WHERE v.phase_id = p.phase_id), '[]') AS variants
     FROM phases p JOIN experiments e USING (experiment_id)
     WHERE e.project_id = $1 AND e.environment = $2
     ORDER BY e.key, p.number`,
    [projectId, environment],
  );
  return rows;
}
