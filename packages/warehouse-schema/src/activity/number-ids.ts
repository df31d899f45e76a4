import type { WarehouseClient } from '../client.ts';
import { queryText } from '../queries/run-query.ts';
import { type ActivityState, UNDEDUPLICATED } from './activity-progress.ts';

/** A query of `project_id`, `distinct_id`, `expires`, and its parameters. */
export interface Ids {
  sql: string;
  params: Record<string, unknown>;
}

interface Unnumbered {
  ids: number;
  batch: number;
  numbered: Record<string, number>;
}

/** As many as one insert takes as one block. */
const MOST_IDS = 500_000;
/** Where a crash of ClickHouse used up the token of a batch, it is given another one after this time. */
const TOKEN_MS = 10 * 60_000;
/** One block, in one order, deduplicated by its token. */
const ONE_BLOCK = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_insert_select: 'force_enable',
  max_insert_threads: 1,
  max_block_size: 1_048_576,
  min_insert_block_size_rows: 1_048_576,
  min_insert_block_size_bytes: 1_073_741_824,
};

/**
 * Gives numbers to those of the ids that have none, and lets the numbers of the others stay. Batches follow one another:
 * an insert goes in only after the batch that it was worked out from, since it says so itself and since of two that give
 * the same batch its token lets in one. So who believes to be alone and is not gives nothing.
 * Changes `state` to what was given.
 * @throws Error where another gave numbers meanwhile: to be tried again at the next look.
 */
export async function numberIds(client: WarehouseClient, state: ActivityState, ids: Ids): Promise<void> {
  const fill = (name: string) => queryText(`activity/${name}`).replaceAll('{{ids}}', () => ids.sql);
  for (let left = Number.POSITIVE_INFINITY; ; ) {
    const [found] = await client.query<Unnumbered>(fill('unnumbered'), { params: ids.params });
    if (!found) throw new Error('the ids without a number cannot be counted');
    state.batch = Math.max(state.batch, found.batch);
    for (const [project, number] of Object.entries(found.numbered))
      state.numbered[project] = Math.max(state.numbered[project] ?? 0, number);
    if (found.ids === 0) break;
    if (found.ids >= left) throw new Error('another process numbers people; this one waits');
    left = found.ids;
    const batch = state.batch + 1;
    const token = `person_numbers ${batch} ${Math.floor(state.now / TOKEN_MS)}`;
    await client.command(fill('number'), {
      params: { ...ids.params, batch, numbered: JSON.stringify(state.numbered), most: MOST_IDS },
      settings: { ...ONE_BLOCK, insert_deduplication_token: token },
    });
  }
  await client.command(fill('keep-numbers'), { params: ids.params, settings: UNDEDUPLICATED });
}
