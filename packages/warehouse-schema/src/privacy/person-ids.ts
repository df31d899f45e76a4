import type { WarehouseClient } from '../client.ts';
import { reloadPersonDictionary } from '../people/person-dictionary.ts';
import { queryText } from '../queries/run-query.ts';
import { PersonError } from './deletion-error.ts';

/** A person of a project: all ids that belong together, sorted. */
export interface PersonIds {
  projectId: number;
  ids: string[];
}

/** The greatest length of an id, in characters; the wire takes none near it. */
const MAX_ID_LENGTH = 4096;
/** As many as a statement takes. */
const MAX_IDS = 10_000;
const NOBODY = new Set(
  ['', '""', 'null', 'undefined', 'guest', 'anonymous', 'none', 'nil', 'nan', '0', '-1', 'true', 'false', 'unknown', '[object object]', 'not_authenticated'],
); // biome-ignore format: as in 0010_people.sql

/**
 * All ids of the person who has this one, as the links say that were followed so far.
 * @throws PersonError `invalid_id` for an id that stands for nobody, since its events are of many.
 */
export async function personIds(client: WarehouseClient, projectId: number, id: string): Promise<PersonIds> {
  if (id.length > MAX_ID_LENGTH)
    throw new PersonError('invalid_id', `expected at most ${MAX_ID_LENGTH} characters`, 'id');
  if (NOBODY.has(id.toLowerCase().replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''))) {
    throw new PersonError(
      'invalid_id',
      `${JSON.stringify(id)} stands for nobody: its events are of many people`,
      'id',
    );
  }
  await reloadPersonDictionary(client);
  const rows = await client.query<{ distinct_id: string }>(queryText('insights/timeline/ids'), {
    params: { project_id: projectId, person: id },
  });
  const ids = [...new Set([id, ...rows.map((row) => row.distinct_id)])].sort();
  if (ids.length > MAX_IDS)
    throw new PersonError(
      'too_many_ids',
      `the person has ${ids.length} ids, at most ${MAX_IDS} are taken at once`,
    );
  return { projectId, ids };
}
