import type { WarehouseClient } from '../client.ts';
import { keyOf, nameUsers } from './name-users.ts';
import {
  type Alias,
  type Id,
  noteOverrides,
  readAliases,
  readFacts,
  readForgotten,
  readMovedAnonymous,
  readNews,
} from './people-queries.ts';

/** Which links are looked at. */
export interface UpdatePeopleOptions {
  client: WarehouseClient;
  /** Those that arrived since then, Unix milliseconds; 0 means all, and ids whose links are gone. */
  since: number;
  /** About how many ids have such links. */
  news: number;
  /** Called before each part of the work; ends it by throwing. */
  beforeSlice?: () => Promise<void>;
}

/** Ids that are looked at together: what bounds the memory, here and in ClickHouse. */
const SLICE_IDS = 20_000;
const NOTED_ROWS = 50_000;

/**
 * Brings the persons of ids up to the links, for all ids that new links touch: `docs/people.md` has the rules. What it
 * notes depends on the set of links alone, so it may repeat anything, and be cut off anywhere. Resolves to how many ids
 * have another person now.
 */
export async function updatePeople(options: UpdatePeopleOptions): Promise<number> {
  const { client, since, news, beforeSlice } = options;
  const slices = Math.max(1, Math.ceil(news / SLICE_IDS));
  let changed = 0;
  for (let slice = 0; slice < slices; slice++) {
    await beforeSlice?.();
    const rows = await readNews(client, { since, slices, slice });
    changed += await updateIds(
      client,
      rows.flatMap(({ project_id, id, others, owner }) =>
        [id, owner, ...others].map((one) => ({ project_id, id: one })),
      ),
    );
  }
  while (since === 0) {
    await beforeSlice?.();
    const forgotten = await readForgotten(client);
    if (forgotten.length === 0) break;
    changed += await updateIds(client, forgotten);
  }
  return changed;
}

async function updateIds(client: WarehouseClient, touched: readonly Id[]): Promise<number> {
  const { ids, aliases } = await withAliases(client, touched);
  const members = nameUsers(await readFacts(client, ids), aliases);
  if (members.length === 0) return 0;
  let changed = 0;
  // The users last: until they are noted, whoever comes again sees that they move, and looks at their anonymous ids.
  for (let moved = NOTED_ROWS; moved === NOTED_ROWS; changed += moved) {
    const overrides = await readMovedAnonymous(client, members, NOTED_ROWS);
    await noteOverrides(client, overrides);
    moved = overrides.length;
  }
  const moves = members.filter(({ role }) => role === 'moves');
  await noteOverrides(
    client,
    moves.map(({ project_id, id, person }) => ({ project_id, distinct_id: id, person_id: person })),
  );
  return changed + moves.length;
}

/** The ids, everything that aliases join to them in whatever number of steps, and those aliases. */
async function withAliases(
  client: WarehouseClient,
  touched: readonly Id[],
): Promise<{ ids: Id[]; aliases: Alias[] }> {
  const ids = new Map<string, Id>();
  const aliases = new Map<string, Alias>();
  const add = (all: readonly Id[]): Id[] =>
    all.filter((one) => {
      const key = keyOf(one.project_id, one.id);
      return !ids.has(key) && ids.set(key, one);
    });
  for (let added = add(touched); added.length > 0; ) {
    const found = await readAliases(client, added);
    for (const alias of found) {
      aliases.set(`${alias.project_id} ${JSON.stringify([alias.from_id, alias.to_id])}`, alias);
    }
    added = add(
      found.flatMap(({ project_id, from_id, to_id }) => [
        { project_id, id: from_id },
        { project_id, id: to_id },
      ]),
    );
  }
  return { ids: [...ids.values()], aliases: [...aliases.values()] };
}
