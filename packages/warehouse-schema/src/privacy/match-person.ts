import { randomBytes } from 'node:crypto';
import type { WarehouseClient } from '../client.ts';

/**
 * The ids of a person as a statement knows them: hashed under a key of its own, since the text of a mutation stays in the
 * table's folder and in the log of a server.
 */
export interface PersonMatch {
  project: number;
  k0: string;
  k1: string;
  hashes: string[];
  /** Unix milliseconds: rows of events that were made and received later stay. */
  until: number;
}

/** How long an event whose clock was far ahead counts as made before; as `isBefore`. */
const UNDATED_MS = 8 * 24 * 60 * 60 * 1000;

/** SQL that is true where an expression is one of the ids. */
export function isId(expression: string): string {
  return `hex(sipHash128Keyed(({k0:UInt64}, {k1:UInt64}), ${expression})) IN {hashes:Array(String)}`;
}

const BEFORE = `(toUnixTimestamp64Milli(received_at) <= {until:Int64}
    OR NOT clock_clamped AND toUnixTimestamp64Milli(timestamp) <= {until:Int64}
    OR clock_clamped AND toUnixTimestamp64Milli(received_at) <= {until:Int64} + ${UNDATED_MS})`;

/** SQL for a row of `events` that is the person's; `suppressRow` says the same of rows of the log. */
export const IS_THEIRS = `project_id = {project:UInt32} AND ${BEFORE} AND (${isId('distinct_id')}
    OR event = '$exposure' AND ifNull(properties.unitType, '') IN ('', 'anonymousId', 'userId') AND ${isId("ifNull(properties.unit, '')")})`;

/** SQL for a row of `events` that names the person in a column besides its own id, such as on a device that was shared. */
export const names = (column: 'anonymous_id' | 'previous_id'): string =>
  `project_id = {project:UInt32} AND ${BEFORE} AND NOT (${isId('distinct_id')}) AND ${isId(column)}`;

/** SQL for any row of `events` that the deletion changes. */
export const IS_TOUCHED = `(${IS_THEIRS}) OR (${names('anonymous_id')}) OR (${names('previous_id')})`;

const HASH = `
SELECT DISTINCT hex(sipHash128Keyed((toUInt64({k0:String}), toUInt64({k1:String})), id)) AS hash FROM ids`;

/** Hashes the ids under a new key. */
export async function matchPerson(
  client: WarehouseClient,
  { projectId, ids, until }: { projectId: number; ids: readonly string[]; until: number },
): Promise<PersonMatch> {
  const [k0, k1] = [randomBytes(8).readBigUInt64LE().toString(), randomBytes(8).readBigUInt64LE().toString()];
  const rows = await client.query<{ hash: string }>(HASH, {
    params: { k0, k1 },
    table: { name: 'ids', structure: 'id String', rows: ids.map((id) => [id]) },
  });
  return { project: projectId, k0, k1, hashes: rows.map(({ hash }) => hash), until };
}
