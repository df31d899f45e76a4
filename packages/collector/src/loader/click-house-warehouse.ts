import {
  chunkRows,
  compareRollups,
  findMessageIds,
  findRejections,
  readSuppressedIds,
  rebuildRollups,
  touchedDays,
  type WarehouseClient,
} from '@millrace/warehouse-schema';
import type { LogPosition } from '../log/event-log.ts';
import type { FoundId, LoadedTable, LoaderWarehouse } from './loader-warehouse.ts';
import { logFamily } from './log-order.ts';

const RUNNING = `
SELECT count() AS running FROM system.processes
WHERE startsWith(query_id, {prefix:String}) AND query_kind = 'Insert'`;

// Rows of this family of logs count up to the position; those of any other were there before.
const BEFORE = `(NOT (log_id = {family:String} OR endsWith({family:String}, '-') AND startsWith(log_id, {family:String}))
       OR (log_id, log_offset) < ({log:String}, {offset:UInt64}))`;

const ALL_IDS = `
SELECT project_id AS projectId, message_id AS messageId, content_hash AS contentHash,
       toUnixTimestamp64Milli(received_at) AS receivedAt
FROM message_ids WHERE ${BEFORE}
ORDER BY received_at`;

const NEWEST = 'SELECT toUnixTimestamp64Milli(max(received_at)) AS newest FROM message_ids';

const LAST_OFFSET = `
SELECT max(log_offset) AS last, count() AS rows
FROM (SELECT log_id, log_offset FROM events UNION ALL SELECT log_id, log_offset FROM rejected_events)
WHERE log_id = {log:String}`;

const countIn = (table: LoadedTable) => `
SELECT count() AS rows FROM ${table}
WHERE log_id BETWEEN {fromLog:String} AND {toLog:String}
  AND (log_id, log_offset) >= ({fromLog:String}, {fromOffset:UInt64})
  AND (log_id, log_offset) < ({toLog:String}, {toOffset:UInt64})
  AND toUnixTimestamp64Milli(received_at) >= {receivedFrom:Int64}
  AND toUnixTimestamp64Milli(received_at) < {receivedTo:Int64}`;

const removeFrom = (table: LoadedTable) => `
DELETE FROM ${table}
WHERE log_id = {log:String} AND (log_offset, log_index) IN arrayZip({offsets:Array(UInt64)}, {indexes:Array(UInt32)})`;

/** As many as fit into a URL. */
const POSITIONS_PER_REMOVAL = 200;

/** The greatest number of ids in one lookup. */
const IDS_PER_LOOKUP = 20_000;

/** What the loader asks, of a ClickHouse with Millrace's tables. */
export function createClickHouseWarehouse(client: WarehouseClient): LoaderWarehouse {
  return {
    insert: (table, rows, options) => client.insertRows(table, [rows], options),
    suppressedIds: () => readSuppressedIds(client),

    async noteDuplicates(logId, records) {
      const rows = records.map(({ offset, projectId, receivedAt, duplicates }) => ({
        project_id: projectId,
        received_at: receivedAt,
        log_id: logId,
        log_offset: offset,
        duplicates,
      }));
      const body = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      // A block that was cut off may be known by its hash without being there: it has to go in again.
      await client.insertRows('dropped_duplicates', [body], { settings: { insert_deduplicate: 0 } });
    },

    async insertsRunning(prefix) {
      const [row] = await client.query<{ running: number }>(RUNNING, { params: { prefix } });
      return Number(row?.running ?? 0);
    },

    async positions(table, { start, end }) {
      const rows = await chunkRows(client, { table, log_id: start.logId, from: start.offset, to: end });
      return rows.map((row) => ({ offset: row.log_offset, index: row.log_index, count: row.copies }));
    },

    async countRows(table, { from, to }, received) {
      const params = {
        fromLog: from.logId,
        fromOffset: from.offset,
        toLog: to.logId,
        toOffset: to.offset,
        receivedFrom: received.from,
        receivedTo: received.to,
      };
      const [row] = await client.query<{ rows: number }>(countIn(table), { params });
      return Number(row?.rows ?? 0);
    },

    async findIds(ids, before, receivedAfter) {
      const found: FoundId[] = [];
      for (let from = 0; from < ids.length; from += IDS_PER_LOOKUP) {
        const rows = await findMessageIds(client, {
          ids: ids
            .slice(from, from + IDS_PER_LOOKUP)
            .map(({ projectId, messageId }) => [projectId, messageId]),
          received_after: Math.trunc(receivedAfter),
          log_id: before.logId,
          log_offset: before.offset,
          log_family: logFamily(before.logId),
        });
        for (const row of rows) {
          found.push({
            projectId: row.project_id,
            messageId: row.message_id,
            contentHash: row.content_hash,
            receivedAt: row.received_at,
            logId: row.log_id,
          });
        }
      }
      return found;
    },

    async findRejections(rejections, before) {
      const rows = await findRejections(client, {
        rejections: rejections.map(({ projectId, receivedAt, rejectionId }) => [
          projectId,
          receivedAt,
          rejectionId,
        ]),
        log_id: before.logId,
        log_offset: before.offset,
        log_family: logFamily(before.logId),
      });
      return rows.map(({ project_id: projectId, received_at: receivedAt, rejection_id: rejectionId }) => {
        return { projectId, receivedAt, rejectionId };
      });
    },

    async allIds(before, limit) {
      const [row] = await client.query<{ rows: number }>('SELECT count() AS rows FROM message_ids');
      if (Number(row?.rows ?? 0) > limit) return null;
      return client.query(ALL_IDS, { params: beforeParams(before) });
    },

    async newestReceivedAt() {
      const [row] = await client.query<{ newest: number }>(NEWEST);
      return Number(row?.newest ?? 0);
    },

    async lastOffset(logId) {
      const sql = LAST_OFFSET;
      const [row] = await client.query<{ last: number; rows: number }>(sql, { params: { log: logId } });
      return row && Number(row.rows) > 0 ? Number(row.last) : null;
    },

    async remove(table, logId, positions) {
      for (let from = 0; from < positions.length; from += POSITIONS_PER_REMOVAL) {
        const some = positions.slice(from, from + POSITIONS_PER_REMOVAL);
        const params = {
          log: logId,
          offsets: some.map(({ offset }) => offset),
          indexes: some.map(({ index }) => index),
        };
        await client.command(removeFrom(table), { params, settings: { lightweight_deletes_sync: 2 } });
      }
    },

    async compareDerived({ start, end }) {
      const days = await touchedDays(client, { log_id: start.logId, from: start.offset, to: end });
      const differences = await compareRollups(client, days);
      if (differences.length > 0) await rebuildRollups(client, differences);
      return differences.map(({ rollup, project_id, day, buckets }) => ({
        what: `${rollup}, project ${project_id}, ${day},`,
        rows: buckets,
        mended: true,
      }));
    },
  };
}

function beforeParams({ logId, offset }: LogPosition) {
  return { log: logId, offset, family: logFamily(logId) };
}
