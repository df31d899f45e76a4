import type { WarehouseClient } from '../client.ts';
import { clusterForm } from '../migrations/render-cluster.ts';
import { reloadPersonDictionary } from '../people/person-dictionary.ts';
import { type RollupPlace, rebuildRollups } from '../rollups/compare-rollups.ts';
import { ROLLUPS } from '../rollups/rollups.ts';
import { PersonError } from './deletion-error.ts';
import { type DeletionRequest, noteRequest, type RowCounts } from './deletion-requests.ts';
import { IS_THEIRS, IS_TOUCHED, isId, matchPerson, names, type PersonMatch } from './match-person.ts';
import { hurryParts } from './old-parts.ts';
import { PERSON_TABLES } from './person-tables.ts';
import { findRefused, removeRefused } from './remove-rejected.ts';

const SYNC = { mutations_sync: 2 };
/** Message ids that nobody but a machine made hold nothing of a person; they stay, so that a retry is still known. */
const IS_MADE = "match(message_id, '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$')";
const HASHES_PER_STATEMENT = 5_000;

/**
 * Removes a person's rows from every table, and makes the rollups of their days anew; the request says how far it is. May
 * be repeated after it was cut off. Nothing may be inserted into `events` meanwhile.
 */
export async function removePerson(
  client: WarehouseClient,
  request: DeletionRequest,
): Promise<DeletionRequest> {
  if ((await clusterForm(client)).cluster !== undefined) {
    throw new PersonError('sharded', 'a person cannot be deleted from a warehouse over several shards yet');
  }
  const match = await matchPerson(client, request);
  const params = { ...match };
  const places = [...request.detail.places, ...(await touchedPlaces(client, match))];
  const removed = greatest(request.detail.removed, await countPerson(client, request, match));
  // Noted before anything goes, since what is gone no longer says which days it was on.
  const deleting: DeletionRequest = {
    ...request,
    state: 'deleting',
    detail: { places: distinct(places), removed },
  };
  await noteRequest(client, deleting);
  await hurryParts(client);
  for (const table of ['events', 'rejected_events']) {
    await client.command(`ALTER TABLE ${table} APPLY DELETED MASK`, { settings: SYNC });
  }
  await removeMessageIds(client, match);
  await removeRefused(client, { project: match.project, ids: request.ids, until: request.until });
  await client.command(
    `ALTER TABLE events
      UPDATE anonymous_id = '' WHERE ${names('anonymous_id')},
      UPDATE previous_id = '' WHERE ${names('previous_id')},
      DELETE WHERE ${IS_THEIRS}`,
    { params, settings: SYNC },
  );
  await removeNumbers(client, match);
  for (const { name, ids } of PERSON_TABLES) {
    await client.command(
      `ALTER TABLE ${name} DELETE WHERE project_id = {project:UInt32} AND (${ids.map(isId).join(' OR ')})`,
      { params, settings: SYNC },
    );
  }
  await rebuildRollups(client, deleting.detail.places);
  await reloadPersonDictionary(client);
  return deleting;
}

/** How many rows of each table are still the person's, or name them; tables without any are left out. */
export async function leftOfPerson(client: WarehouseClient, request: DeletionRequest): Promise<RowCounts> {
  const counts = await countPerson(client, request, await matchPerson(client, request));
  return Object.fromEntries(Object.entries(counts).filter(([, rows]) => rows > 0));
}

async function countPerson(
  client: WarehouseClient,
  request: DeletionRequest,
  match: PersonMatch,
): Promise<RowCounts> {
  const params = { ...match };
  const count = async (table: string, condition: string) => {
    const sql = `SELECT count() AS rows FROM ${table} WHERE ${condition}`;
    const [row] = await client.query<{ rows: number }>(sql, { params });
    return Number(row?.rows);
  };
  const counts: RowCounts = { events: await count('events', IS_THEIRS) };
  counts['events that name them'] =
    (await count('events', names('anonymous_id'))) + (await count('events', names('previous_id')));
  let refused = 0;
  const which = { project: match.project, ids: request.ids, until: request.until };
  for await (const rows of findRefused(client, which)) refused += rows.length;
  counts.rejected_events = refused;
  for (const { name, ids } of PERSON_TABLES) {
    counts[name] = await count(name, `project_id = {project:UInt32} AND (${ids.map(isId).join(' OR ')})`);
  }
  return counts;
}

async function touchedPlaces(client: WarehouseClient, match: PersonMatch): Promise<RollupPlace[]> {
  const params = { ...match };
  // A day that has reached the end of its project's retention may have lost raw rows of others: its counts stay.
  const [events] = await client.query<{ event_days: string[]; arrival_days: string[] }>(
    `SELECT groupUniqArrayIf(toDate(timestamp), ${IS_KEPT}) AS event_days, groupUniqArray(toDate(received_at)) AS arrival_days
     FROM events WHERE ${IS_TOUCHED}`,
    { params },
  );
  const places = ROLLUPS.flatMap(({ name: rollup, dayOf }) => {
    const days = dayOf === 'timestamp' ? events?.event_days : events?.arrival_days;
    return (days ?? []).map((day) => ({ rollup, project_id: match.project, day }));
  });
  // Links that name them may have been made again by events that stay.
  const links = await client.query<{ day: string }>(
    `SELECT DISTINCT day FROM identity_links WHERE project_id = {project:UInt32} AND (${isId('from_id')} OR ${isId('to_id')})`,
    { params },
  );
  return [
    ...places,
    ...links.map(({ day }) => ({ rollup: 'identity_links', project_id: match.project, day })),
  ];
}

const IS_KEPT = `addDays(toDate(timestamp),
  (SELECT least(min(retention_days), 20000) FROM events WHERE project_id = {project:UInt32})) > toDate(now('UTC')) + 1`;

async function removeMessageIds(client: WarehouseClient, match: PersonMatch): Promise<void> {
  const hash = 'toString(sipHash64Keyed(({k0:UInt64}, {k1:UInt64}), message_id))';
  const rows = await client.query<{ hash: string }>(
    `SELECT DISTINCT ${hash} AS hash FROM events WHERE ${IS_THEIRS} AND NOT ${IS_MADE}`,
    { params: { ...match } },
  );
  for (let from = 0; from < rows.length; from += HASHES_PER_STATEMENT) {
    const hashes = rows.slice(from, from + HASHES_PER_STATEMENT).map((row) => row.hash);
    await client.command(
      `ALTER TABLE message_ids DELETE WHERE project_id = {project:UInt32} AND ${hash} IN {message_hashes:Array(String)}`,
      { params: { ...match, message_hashes: hashes }, settings: SYNC },
    );
  }
}

/** Whose number counts for a number that nobody has any more; the bitmaps of the days are made anew with the rollups. */
async function removeNumbers(client: WarehouseClient, match: PersonMatch): Promise<void> {
  const rows = await client.query<{ number: number }>(
    `SELECT DISTINCT number FROM person_numbers WHERE project_id = {project:UInt32} AND ${isId('distinct_id')}`,
    { params: { ...match } },
  );
  if (rows.length === 0) return;
  await client.command(
    `ALTER TABLE person_number_overrides DELETE
     WHERE project_id = {project:UInt32} AND (number IN {numbers:Array(UInt32)} OR latest.person IN {numbers:Array(UInt32)})`,
    { params: { project: match.project, numbers: rows.map(({ number }) => number) }, settings: SYNC },
  );
}

/** What a repetition finds was counted before. */
function greatest(a: RowCounts, b: RowCounts): RowCounts {
  const tables = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...tables].map((table) => [table, Math.max(a[table] ?? 0, b[table] ?? 0)]));
}

function distinct(places: readonly RollupPlace[]): RollupPlace[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}
