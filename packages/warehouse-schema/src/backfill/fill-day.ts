import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '../client.ts';
import type { DayNote } from './backfill-notes.ts';
import type { Fill } from './fill-statement.ts';

export interface FillDayOptions {
  client: WarehouseClient;
  /** The rollup. */
  name: string;
  fill: Fill;
  boundary: number;
  day: DayNote;
  /** @default 500000 */
  eventsAtOnce?: number;
  /** Told how long a piece took. */
  rest(workedMs: number): Promise<void>;
  signal?: AbortSignal;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_PIECES = 96;

/** One thread that spills to disk, and blocks that no token of an earlier one could make disappear. */
const SETTINGS = {
  max_threads: 1,
  max_insert_threads: 1,
  max_bytes_before_external_group_by: 200_000_000,
  max_bytes_before_external_sort: 200_000_000,
  max_execution_time: 0,
  insert_deduplicate: 0,
  deduplicate_insert_select: 'disable',
  max_partitions_per_insert_block: 0,
  type_json_skip_duplicated_paths: 1,
} as const;

const queryPrefix = (name: string) => `millrace-backfill:${name}:`;

/** Fills one day, in as many pieces as it needs to be read a part at a time. If it rejects, some may have gone in. */
export async function fillDay(options: FillDayOptions): Promise<void> {
  const { client, fill, boundary, day, eventsAtOnce = 500_000, rest, signal } = options;
  const pieces = Math.min(Math.max(1, Math.ceil(day.rows / eventsAtOnce)), MOST_PIECES);
  const start = Date.parse(`${day.day}T00:00:00Z`);
  for (let piece = 0; piece < pieces; piece++) {
    signal?.throwIfAborted();
    const began = performance.now();
    await client.command(fill.statement, {
      params: {
        from: start + Math.floor((DAY_MS * piece) / pieces),
        to: start + Math.floor((DAY_MS * (piece + 1)) / pieces),
        boundary,
      },
      queryId: `${queryPrefix(options.name)}${randomUUID()}`,
      settings: SETTINGS,
    });
    await rest(performance.now() - began);
  }
}

/** Ends what an earlier run, which is gone, may have left running in ClickHouse; resolves once nothing of it runs. */
export async function endFills(client: WarehouseClient, name: string): Promise<void> {
  await client.command('KILL QUERY WHERE startsWith(query_id, {prefix:String}) SYNC', {
    params: { prefix: queryPrefix(name) },
  });
}
