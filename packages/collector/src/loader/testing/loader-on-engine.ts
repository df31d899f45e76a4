import type { WarehouseClient } from '@millrace/warehouse-schema';
import { silentLogger } from '../../logger.ts';
import { createClickHouseWarehouse } from '../click-house-warehouse.ts';
import { createLoader } from '../create-loader.ts';
import type { LoaderOptions } from '../loader-options.ts';
import type { MemoryLog } from './memory-log.ts';

/** For tests: what ends a loader where a crash would. */
export class Crash extends Error {
  override readonly name = 'Crash' as const;
}

/** For tests: runs a loader on a ClickHouse until everything is loaded; rejects if it ends before that. */
export async function loadAll(
  log: Pick<MemoryLog, 'reader'>,
  client: WarehouseClient,
  options: Partial<LoaderOptions> & { stateDir: string },
) {
  const loader = createLoader({
    reader: log.reader(),
    warehouse: createClickHouseWarehouse(client),
    logger: silentLogger,
    // Events that came before a loader's first start are compared, as an earlier state may have been lost.
    clock: () => 0,
    retryMs: { first: 10, longest: 100 },
    ...options,
    limits: { ageMs: 0, ...options.limits },
  });
  const ending = new AbortController();
  const running = loader.run(ending.signal);
  const isLoaded = await Promise.race([loader.drain(), running.then(() => false)]);
  ending.abort();
  await running;
  if (!isLoaded) throw new Error('the loader ended early');
  return loader.status();
}

/** For tests: what the tables hold of one project. */
export async function countsOf(client: WarehouseClient, projectId: number) {
  const [counts] = await client.query<Counts>(COUNTS, { params: { project: projectId } });
  if (!counts) throw new Error('no answer');
  return counts;
}

interface Counts {
  events: number;
  ids: number;
  positions: number;
  messageIds: number;
  rollup: number;
  rejected: number;
}

const COUNTS = `
SELECT
  (SELECT count() FROM events WHERE project_id = {project:UInt32}) AS events,
  (SELECT uniqExact(message_id) FROM events WHERE project_id = {project:UInt32}) AS ids,
  (SELECT uniqExact(log_id, log_offset, log_index) FROM events WHERE project_id = {project:UInt32}) AS positions,
  (SELECT count() FROM message_ids WHERE project_id = {project:UInt32}) AS messageIds,
  (SELECT sum(events) FROM events_15m WHERE project_id = {project:UInt32}) AS rollup,
  (SELECT count() FROM rejected_events WHERE project_id = {project:UInt32}) AS rejected`;

/** For tests: the counts of `events` rows that are right everywhere. */
export const exactly = (events: number, rejected = 0) => ({
  events,
  ids: events,
  positions: events,
  messageIds: events,
  rollup: events,
  rejected,
});
