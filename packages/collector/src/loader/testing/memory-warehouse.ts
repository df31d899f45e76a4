import type { LoadedTable, LoaderWarehouse, LogRange } from '../loader-warehouse.ts';
import { comparePositions, logFamily } from '../log-order.ts';

/** A row as the memory warehouse keeps it. */
interface MemoryRow {
  log_id: string;
  log_offset: number;
  log_index: number;
  project_id: number;
  message_id: string;
  received_at: number;
  content_hash: number;
  reason?: string;
  rejection_id?: string;
  bad?: boolean;
}

/**
 * What becomes of one insert. `late` rows come once the next question has been asked; `kept-token` is a crash
 * between the token and the rows; `short-view` one between the rows and the view.
 */
export type InsertFate =
  | 'done'
  | 'unsent'
  | 'lost'
  | 'stored'
  | 'late'
  | 'kept-token'
  | 'short-view'
  | 'busy';

export interface MemoryWarehouse extends LoaderWarehouse {
  readonly tables: Record<LoadedTable, MemoryRow[]>;
  /** What a view of `events` counts. */
  viewCount(): number;
  readonly tokens: string[];
  /** How many repetitions were noted, each record's once. */
  duplicatesNoted(): number;
}

const failure = (code: string, message: string) => Object.assign(new Error(message), { code });

/** For tests: a warehouse in memory that takes tokens as ClickHouse does, and fails as `fateOf` says. */
export function createMemoryWarehouse(fateOf: () => InsertFate = () => 'done'): MemoryWarehouse {
  const tables: Record<LoadedTable, MemoryRow[]> = { events: [], rejected_events: [] };
  const baseTokens = new Set<string>();
  const viewTokens = new Set<string>();
  const tokens: string[] = [];
  const noted = new Map<string, number>();
  let viewed = 0;
  let arriving: (() => void)[] = [];

  const inRange =
    ({ start, end }: LogRange) =>
    (row: MemoryRow) =>
      row.log_id === start.logId && row.log_offset >= start.offset && row.log_offset < end;
  const positionOf = (row: MemoryRow) => ({ logId: row.log_id, offset: row.log_offset });
  const isBefore = (row: MemoryRow, before: { logId: string; offset: number }) =>
    logFamily(row.log_id) !== logFamily(before.logId) || comparePositions(positionOf(row), before) < 0;
  const idOf = (row: MemoryRow) => ({
    projectId: row.project_id,
    messageId: row.message_id,
    contentHash: row.content_hash,
    receivedAt: row.received_at,
  });

  function store(table: LoadedTable, rows: MemoryRow[], token: string, withView = true) {
    if (!baseTokens.has(token)) tables[table].push(...rows);
    baseTokens.add(token);
    if (table === 'events' && withView) {
      if (!viewTokens.has(token)) viewed += rows.length;
      viewTokens.add(token);
    }
  }

  return {
    tables,
    tokens,
    viewCount: () => viewed,
    duplicatesNoted: () => [...noted.values()].reduce((sum, count) => sum + count, 0),
    async noteDuplicates(logId, records) {
      const fate = fateOf();
      if (fate === 'done' || fate === 'stored') {
        for (const { offset, duplicates } of records) noted.set(`${logId}:${offset}`, duplicates);
      }
      if (fate !== 'done') throw failure('ECONNRESET', 'socket hang up');
    },
    async insert(table, body, { token }) {
      const rows = body
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as MemoryRow);
      const fate = fateOf();
      if (fate === 'unsent') throw failure('ECONNREFUSED', 'refused');
      tokens.push(token);
      if (fate === 'lost') throw failure('ECONNRESET', 'socket hang up');
      const bad = rows.findIndex((row) => row.bad);
      if (bad >= 0) throw failure('27', `Cannot parse input (at row ${bad + 1})`);
      if (fate === 'kept-token') {
        if (!baseTokens.has(token)) baseTokens.add(token);
        throw failure('ECONNRESET', 'socket hang up');
      }
      if (fate === 'busy') throw failure('252', 'TOO_MANY_PARTS');
      if (fate === 'late') {
        arriving.push(() => store(table, rows, token));
        throw failure('ETIMEDOUT', 'timeout');
      }
      store(table, rows, token, fate !== 'short-view');
      if (fate !== 'done') throw failure('ECONNRESET', 'socket hang up');
    },
    async insertsRunning() {
      const running = arriving.length;
      for (const arrive of arriving) arrive();
      arriving = [];
      return running;
    },
    async positions(table, range) {
      const counts = new Map<string, { offset: number; index: number; count: number }>();
      for (const row of tables[table].filter(inRange(range))) {
        const key = `${row.log_offset}:${row.log_index}`;
        const count = counts.get(key) ?? { offset: row.log_offset, index: row.log_index, count: 0 };
        count.count += 1;
        counts.set(key, count);
      }
      return [...counts.values()];
    },
    async countRows(table, { from, to }, received) {
      const isIn = (row: MemoryRow) =>
        comparePositions(positionOf(row), from) >= 0 && comparePositions(positionOf(row), to) < 0;
      return tables[table].filter(
        (row) => isIn(row) && row.received_at >= received.from && row.received_at < received.to,
      ).length;
    },
    async findIds(ids, before, receivedAfter) {
      return ids.flatMap(({ projectId, messageId }) => {
        const found = tables.events.filter(
          (row) =>
            row.project_id === projectId &&
            row.message_id === messageId &&
            row.received_at > receivedAfter &&
            isBefore(row, before),
        );
        const latest = found.sort((a, b) => a.received_at - b.received_at).at(-1);
        return latest ? [{ ...idOf(latest), logId: latest.log_id }] : [];
      });
    },
    async findRejections(rejections, before) {
      return rejections.filter((one) =>
        tables.rejected_events.some(
          (row) =>
            row.project_id === one.projectId &&
            row.received_at === one.receivedAt &&
            row.rejection_id === one.rejectionId &&
            isBefore(row, before),
        ),
      );
    },
    async allIds(before, limit) {
      if (tables.events.length > limit) return null;
      return tables.events.filter((row) => isBefore(row, before)).map(idOf);
    },
    suppressedIds: async () => [],
    newestReceivedAt: async () => Math.max(0, ...tables.events.map((row) => row.received_at)),
    async lastOffset(logId) {
      const offsets = [...tables.events, ...tables.rejected_events]
        .filter((row) => row.log_id === logId)
        .map((row) => row.log_offset);
      return offsets.length === 0 ? null : Math.max(...offsets);
    },
    async remove(table, logId, gone) {
      const keys = new Set(gone.map(({ offset, index }) => `${offset}:${index}`));
      tables[table] = tables[table].filter(
        (row) => row.log_id !== logId || !keys.has(`${row.log_offset}:${row.log_index}`),
      );
    },
    async compareDerived() {
      const rows = Math.abs(viewed - tables.events.length);
      viewed = tables.events.length;
      return rows === 0 ? [] : [{ what: 'the view', rows, mended: true }];
    },
  };
}
