import type { EventRow, RowPosition } from '../rows.ts';

type Row = EventRow & RowPosition;

/** A row of `events`: number `n` of log `test-000000000001`, received now, but for what `over` says. */
export function makeEventRow(n: number, over: Partial<Row> = {}): Row {
  const now = Date.now();
  return {
    project_id: 1,
    message_id: `message-${n}`,
    type: 'track',
    event: 'clicked',
    timestamp: now,
    received_at: now,
    anonymous_id: `visitor-${n}`,
    retention_days: 365,
    content_hash: n,
    log_id: 'test-000000000001',
    log_offset: n,
    log_index: 0,
    ...over,
  };
}

/** Rows as the loader sends them. */
export function encodeRows(rows: readonly object[]): Uint8Array[] {
  return [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))];
}
