import type { WarehouseClient } from '../client.ts';
import type { PersonIds } from './person-ids.ts';
import { findRefused } from './remove-rejected.ts';

/** One thing that is held about a person: a row, and the table that it is of. */
export interface ExportedRow {
  table: string;
  row: Record<string, unknown>;
}

const PAGE = 5_000;
const FOREVER = Date.UTC(2299, 0);

// By all ids that a row has, so that what others sent about the person, or from their device, is there too.
const EVENTS = `
SELECT *, toUnixTimestamp64Milli(timestamp) AS at_ms FROM events
WHERE project_id = {project:UInt32}
  AND (distinct_id IN ids OR anonymous_id IN ids OR previous_id IN ids
    OR event = '$exposure' AND ifNull(properties.unit, '') IN ids)
  AND (at_ms, message_id, log_id, log_offset, log_index) > ({at:Int64}, {message:String}, {log:String}, {offset:UInt64}, {index:UInt32})
ORDER BY at_ms, message_id, log_id, log_offset, log_index
LIMIT ${PAGE}`;
const REFUSED = `
SELECT * FROM rejected_events
WHERE (log_id, log_offset, log_index) = ({log:String}, {offset:UInt64}, {index:UInt32})`;
/** What is made of the events and kept by id. */
const DERIVED: Record<string, string> = {
  identity_links: `
SELECT project_id, from_id, kind, to_id, day, min(first).1 AS first_at FROM identity_links
WHERE project_id = {project:UInt32} AND (from_id IN ids OR to_id IN ids)
GROUP BY project_id, from_id, kind, to_id, day ORDER BY day, from_id, to_id`,
  person_override_versions: `
SELECT project_id, distinct_id, max(latest).person_id AS person_id FROM person_override_versions
WHERE project_id = {project:UInt32} AND distinct_id IN ids GROUP BY project_id, distinct_id ORDER BY distinct_id`,
  cohort_members: `
SELECT project_id, toString(list_id) AS list_id, distinct_id, added_at FROM cohort_members
WHERE project_id = {project:UInt32} AND distinct_id IN ids ORDER BY added_at, distinct_id`,
  exposures: `
SELECT project_id, experiment, phase, unit_type, unit, reason, is_bot, day, min(first_exposure) AS first_exposure,
  max(last_exposure) AS last_exposure, argMinMerge(first_seen).variant AS variant
FROM exposures WHERE project_id = {project:UInt32} AND unit IN ids
GROUP BY project_id, experiment, phase, unit_type, unit, reason, is_bot, day ORDER BY day, experiment, phase, unit`,
};

/** Everything that the warehouse holds about a person, in pages; each is as the tables have it, times in UTC. */
export async function* exportPerson(
  client: WarehouseClient,
  { projectId: project, ids }: PersonIds,
): AsyncGenerator<ExportedRow> {
  const table = { name: 'ids', structure: 'id String', rows: ids.map((id) => [id]) };
  yield { table: 'person', row: { project_id: project, ids } };
  let after = { at: -(2 ** 52), message: '', log: '', offset: 0, index: 0 };
  for (;;) {
    const rows = await client.query<Record<string, unknown>>(EVENTS, {
      params: { project, ...after },
      table,
    });
    for (const { at_ms, ...row } of rows) yield { table: 'events', row };
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = {
      at: Number(last.at_ms),
      message: String(last.message_id),
      log: String(last.log_id),
      offset: Number(last.log_offset),
      index: Number(last.log_index),
    };
  }
  for await (const refused of findRefused(client, { project, ids, until: FOREVER })) {
    for (const { log_id: log, log_offset: offset, log_index: index } of refused) {
      const rows = await client.query<Record<string, unknown>>(REFUSED, { params: { log, offset, index } });
      for (const row of rows) yield { table: 'rejected_events', row };
    }
  }
  for (const [name, sql] of Object.entries(DERIVED)) {
    const rows = await client.query<Record<string, unknown>>(sql, { params: { project }, table });
    for (const row of rows) yield { table: name, row };
  }
}
