import { followPeople, type PersonIds, personIds } from '@millrace/warehouse-schema';
import type { PeoplePorts } from './people-ports.ts';

/** All ids of the people who have these, once every link that has arrived is followed. */
export async function findPeople(
  { client, log }: Pick<PeoplePorts, 'client' | 'log'>,
  projectId: number,
  ids: readonly string[],
): Promise<PersonIds> {
  const people = followPeople({ client, intervalMs: 600_000, log });
  try {
    await people.look();
  } finally {
    await people.close();
  }
  const found = new Set<string>();
  for (const id of ids) for (const one of (await personIds(client, projectId, id)).ids) found.add(one);
  return { projectId, ids: [...found].sort() };
}
