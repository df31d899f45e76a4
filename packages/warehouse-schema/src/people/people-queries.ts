import type { WarehouseClient } from '../client.ts';
import { queryText, runQuery } from '../queries/run-query.ts';

/** An id of a project: a user's, or an anonymous one. */
export interface Id {
  project_id: number;
  id: string;
}

/** An id with links that are news. */
export interface News extends Id {
  others: string[];
  owner: string;
}

/** One id was made the alias of another. */
export interface Alias {
  project_id: number;
  from_id: string;
  to_id: string;
}

/** What the links say of an id. */
export interface Fact extends Id {
  is_user: number;
  is_identified: number;
  /** The earliest link that names it, Unix milliseconds. */
  first_at: number;
  /** Its person as noted; empty where none is. */
  person: string;
}

/** Whose an id is. */
export interface Override {
  project_id: number;
  distinct_id: string;
  person_id: string;
}

/** An id whose person is looked for; `moves` if it is a user's and its person is not the noted one. */
export interface Member extends Id {
  person: string;
  role: 'anonymous' | 'stays' | 'moves';
}

/** Of a part of the ids, those with links that arrived since a time (Unix milliseconds). */
export function readNews(
  client: WarehouseClient,
  part: { since: number; slices: number; slice: number },
): Promise<News[]> {
  return runQuery(client, 'people/news', part);
}

/** Ids that have an override and no link any more. */
export function readForgotten(client: WarehouseClient): Promise<Id[]> {
  return runQuery(client, 'people/forgotten', {});
}

export function readAliases(client: WarehouseClient, ids: readonly Id[]): Promise<Alias[]> {
  return withIds(client, 'people/aliases', ids);
}

export function readFacts(client: WarehouseClient, ids: readonly Id[]): Promise<Fact[]> {
  return withIds(client, 'people/facts', ids);
}

/** At most `maxRows` of the anonymous ids whose person is not the noted one. */
export function readMovedAnonymous(
  client: WarehouseClient,
  members: readonly Member[],
  maxRows: number,
): Promise<Override[]> {
  return client.query(queryText('people/moved-anonymous'), {
    params: { max_rows: maxRows },
    table: {
      name: 'members',
      structure: 'project_id UInt32, id String, person String, role String',
      rows: members.map(({ project_id, id, person, role }) => [project_id, id, person, role]),
    },
  });
}

/** Notes whose ids are, over what was noted before. */
export async function noteOverrides(client: WarehouseClient, overrides: readonly Override[]): Promise<void> {
  if (overrides.length === 0) return;
  const [last] = await client.query<{ version: number }>(
    'SELECT max(latest.version) AS version FROM person_override_versions',
  );
  const version = (last?.version ?? 0) + 1;
  const rows = overrides.map(({ person_id, ...id }) => ({ ...id, latest: { version, person_id } }));
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  await client.insertRows('person_override_versions', [Buffer.from(lines.join(''))]);
}

async function withIds<Row>(client: WarehouseClient, name: string, ids: readonly Id[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return client.query<Row>(queryText(name), {
    table: {
      name: 'ids',
      structure: 'project_id UInt32, id String',
      rows: ids.map(({ project_id, id }) => [project_id, id]),
    },
  });
}
