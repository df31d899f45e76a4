import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '../client.ts';
import type { RollupPlace } from '../rollups/compare-rollups.ts';
import type { PersonIds } from './person-ids.ts';
import type { SuppressedId } from './suppression-list.ts';

/**
 * How far a deletion is: the ids are noted and on the list of suppressed ids; rows are being removed; nothing of it is
 * left in tables, and what remains on disks is waited for; nothing is left.
 */
export type DeletionState = 'requested' | 'deleting' | 'removed' | 'done';

/** Rows by table. */
export type RowCounts = Record<string, number>;

/** What a deletion must know to go on after it was cut off. It names nobody. */
interface DeletionDetail {
  /** Days of rollups that have to be made anew. */
  places: RollupPlace[];
  removed: RowCounts;
}

export interface DeletionRequest extends PersonIds {
  requestId: string;
  state: DeletionState;
  /** Events that were made or received up to then are deleted; Unix milliseconds. */
  until: number;
  detail: DeletionDetail;
}

const OPEN = `
SELECT toString(request_id) AS requestId, any(project_id) AS projectId, argMax(state, noted_at) AS state,
  toUnixTimestamp64Milli(any(until)) AS until, argMax(detail, noted_at) AS detail
FROM person_deletions
GROUP BY request_id
HAVING state != 'done'
ORDER BY min(noted_at)`;
const IDS = 'SELECT id FROM person_deletion_ids WHERE request_id = {request:UUID} ORDER BY id';
const LIST = `
SELECT project_id AS projectId, salt, hash, toUnixTimestamp64Milli(until) AS until FROM suppressed_ids`;

/** Notes a request, with its ids: from then on it can be gone on with, whoever ends. */
export async function openRequest(
  client: WarehouseClient,
  { projectId, ids }: PersonIds,
  until: number,
): Promise<DeletionRequest> {
  const requestId = randomUUID();
  const rows = ids.map((id) => ({ request_id: requestId, project_id: projectId, id }));
  await client.insertRows('person_deletion_ids', rows.map(lineOf), { token: `ids:${requestId}` });
  const request: DeletionRequest = {
    requestId,
    projectId,
    ids,
    state: 'requested',
    until,
    detail: { places: [], removed: {} },
  };
  await noteRequest(client, request);
  return request;
}

/** Notes how far it is. */
export async function noteRequest(client: WarehouseClient, request: DeletionRequest): Promise<void> {
  const { requestId, projectId, state, until, ids, detail } = request;
  const row = {
    request_id: requestId,
    project_id: projectId,
    noted_at: new Date().toISOString(),
    state,
    until: new Date(until).toISOString(),
    ids: ids.length,
    detail: JSON.stringify(detail),
  };
  await client.insertRows('person_deletions', [lineOf(row)]);
}

/** Requests that are not done, the oldest first. */
export async function openRequests(client: WarehouseClient): Promise<DeletionRequest[]> {
  const rows = await client.query<Omit<DeletionRequest, 'detail' | 'ids'> & { detail: string }>(OPEN);
  const requests: DeletionRequest[] = [];
  for (const row of rows) {
    const ids = await client.query<{ id: string }>(IDS, { params: { request: row.requestId } });
    requests.push({
      ...row,
      ids: ids.map(({ id }) => id),
      detail: JSON.parse(row.detail) as DeletionDetail,
    });
  }
  return requests;
}

/** Ends a request: its ids go, and only that it was done stays. */
export async function closeRequest(client: WarehouseClient, request: DeletionRequest): Promise<void> {
  await client.command('ALTER TABLE person_deletion_ids DROP PARTITION {request:UUID}', {
    params: { request: request.requestId },
  });
  await noteRequest(client, { ...request, state: 'done', detail: { ...request.detail, places: [] } });
}

/** The ids that are deleted, as hashes. */
export function readSuppressedIds(client: WarehouseClient): Promise<SuppressedId[]> {
  return client.query<SuppressedId>(LIST);
}

/** Adds to the list of suppressed ids; what is there already is not added again. */
export async function addSuppressedIds(
  client: WarehouseClient,
  requestId: string,
  entries: readonly SuppressedId[],
): Promise<void> {
  const rows = entries.map(({ projectId, salt, hash, until }) => ({
    project_id: projectId,
    salt,
    hash,
    until: new Date(until).toISOString(),
    request_id: requestId,
  }));
  await client.insertRows('suppressed_ids', rows.map(lineOf), { token: `suppressed:${requestId}` });
}

function lineOf(row: object): Buffer {
  return Buffer.from(`${JSON.stringify(row)}\n`);
}
