import type { WarehouseClient } from '../client.ts';
import { runQuery } from './run-query.ts';

/** A part of one log: offsets `[from, to)`. */
export interface LogSpan {
  log_id: string;
  from: number;
  to: number;
}

/** One event of the log in a table, and how many rows it has there: 1, unless something went wrong. */
export interface ChunkRow {
  log_offset: number;
  log_index: number;
  copies: number;
}

/** Which events of a part of the log a table has, in order. */
export function chunkRows(
  client: WarehouseClient,
  params: LogSpan & { table: 'events' | 'rejected_events' | 'message_ids' },
) {
  return runQuery<typeof params, ChunkRow>(client, 'chunk-rows', params);
}

/** A place in a log. */
export interface PositionRow {
  log_id: string;
  log_offset: number;
  log_index: number;
}

/** The last position, in `events` and `rejected_events`, of the logs whose id begins with `prefix`. */
export async function lastPosition(
  client: WarehouseClient,
  params: { prefix: string },
): Promise<PositionRow | undefined> {
  const [row] = await runQuery<typeof params, PositionRow>(client, 'last-position', params);
  return row;
}

/** Where a message id stands; `received_at` is in Unix milliseconds. */
export interface MessageIdRow extends PositionRow {
  project_id: number;
  message_id: string;
  content_hash: number;
  received_at: number;
}

/**
 * Of the ids (pairs of project and message id), those that were loaded from before the position or from a log of another
 * family, and arrived after `received_after` (Unix milliseconds): the latest of each.
 */
export function findMessageIds(
  client: WarehouseClient,
  params: {
    ids: [number, string][];
    log_id: string;
    log_offset: number;
    log_family: string;
    received_after: number;
  },
) {
  const { ids, ...rest } = params;
  const table = { name: 'ids', structure: 'project_id UInt32, message_id String', rows: ids };
  return runQuery<typeof rest, MessageIdRow>(client, 'find-message-ids', rest, { table });
}

/** A rejected row by its name; `received_at` is in Unix milliseconds. */
export interface RejectionRow {
  project_id: number;
  received_at: number;
  rejection_id: string;
}

/** Of the rejected rows (project, Unix milliseconds, name), those from before the position or of another family. */
export function findRejections(
  client: WarehouseClient,
  params: {
    rejections: [number, number, string][];
    log_id: string;
    log_offset: number;
    log_family: string;
  },
) {
  const { rejections: rows, ...rest } = params;
  const structure = 'project_id UInt32, received_at Int64, rejection_id String';
  return runQuery<typeof rest, RejectionRow>(client, 'find-rejections', rest, {
    table: { name: 'rejections', structure, rows },
  });
}
