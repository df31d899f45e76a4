import type { WarehouseClient } from '../client.ts';
import { idsNamed } from './named-ids.ts';

/** A refused event: where it stands, and what came. */
interface RefusedRow {
  received_at_ms: number;
  log_id: string;
  log_offset: number;
  log_index: number;
  payload: string;
}

const PAGE = 2_000;
const ROWS_PER_STATEMENT = 200;

// A payload that writes characters as escapes may name an id in another spelling, so it is looked at as well.
const CANDIDATES = `
SELECT toUnixTimestamp64Milli(received_at) AS received_at_ms, log_id, log_offset, log_index, payload
FROM rejected_events
WHERE project_id IN ({project:UInt32}, 0) AND toUnixTimestamp64Milli(received_at) <= {until:Int64}
  AND (received_at_ms, log_id, log_offset, log_index) > ({at:Int64}, {log:String}, {offset:UInt64}, {index:UInt32})
  AND (position(payload, '\\\\') > 0 OR arrayExists(id -> position(payload, id) > 0, (SELECT groupArray(id) FROM ids)))
ORDER BY received_at_ms, log_id, log_offset, log_index
LIMIT ${PAGE}`;
const REMOVE = `
ALTER TABLE rejected_events DELETE
WHERE (log_id, log_offset, log_index) IN arrayZip({logs:Array(String)}, {offsets:Array(UInt64)}, {indexes:Array(UInt32)})`;

/** Refused events of a project that name one of the ids, page by page. */
export async function* findRefused(
  client: WarehouseClient,
  { project, ids, until }: { project: number; ids: readonly string[]; until: number },
): AsyncGenerator<RefusedRow[]> {
  const table = { name: 'ids', structure: 'id String', rows: ids.map((id) => [id]) };
  const wanted = new Set(ids);
  let after = { at: -1, log: '', offset: 0, index: 0 };
  for (;;) {
    const rows = await client.query<RefusedRow>(CANDIDATES, { params: { project, until, ...after }, table });
    yield rows.filter(({ payload }) => [...idsNamed(payload)].some((id) => wanted.has(id)));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    const { received_at_ms: at, log_id: log, log_offset: offset, log_index: index } = last;
    after = { at, log, offset, index };
  }
}

/** Removes the refused events that name one of the ids; gives their number. */
export async function removeRefused(
  client: WarehouseClient,
  which: { project: number; ids: readonly string[]; until: number },
): Promise<number> {
  const found: RefusedRow[] = [];
  for await (const rows of findRefused(client, which))
    found.push(...rows.map((row) => ({ ...row, payload: '' })));
  for (let from = 0; from < found.length; from += ROWS_PER_STATEMENT) {
    const rows = found.slice(from, from + ROWS_PER_STATEMENT);
    await client.command(REMOVE, {
      params: {
        logs: rows.map((row) => row.log_id),
        offsets: rows.map((row) => row.log_offset),
        indexes: rows.map((row) => row.log_index),
      },
      settings: { mutations_sync: 2 },
    });
  }
  return found.length;
}
