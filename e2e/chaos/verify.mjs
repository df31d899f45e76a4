import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareRollups, daysBetween } from '@millrace/warehouse-schema';

/** @typedef {import('@millrace/warehouse-schema').WarehouseClient} WarehouseClient */

/**
 * @typedef {object} Totals
 * @property {number} rows rows of `events`
 * @property {number} ids message ids in `events`
 * @property {number} places positions of the log in `events`
 * @property {number} rollup events that the rollup counts
 * @property {number} known rows of `message_ids`
 * @property {number} rejected rows of `rejected_events`
 */

const TOTALS = `
  SELECT count() AS rows, uniqExact(message_id) AS ids, uniqExact(log_id, log_offset, log_index) AS places,
    (SELECT sum(events) FROM events_15m) AS rollup,
    (SELECT count() FROM message_ids) AS known,
    (SELECT count() FROM rejected_events) AS rejected
  FROM events`;

/**
 * Waits until `events` has at least `wanted` rows and nothing has changed for a while, or gives up when nothing
 * has changed for `patienceMs`. Resolves to the last totals.
 * @param {WarehouseClient} warehouse
 * @param {number} wanted
 * @param {number} patienceMs
 * @returns {Promise<Totals>}
 */
export async function drained(warehouse, wanted, patienceMs) {
  const settledMs = 1500;
  let seen = '';
  let changedAt = performance.now();
  while (true) {
    // While ClickHouse is starting again there is no answer, which is not "nothing has changed".
    const [totals] = await warehouse.query(TOTALS).catch(() => []);
    const text = JSON.stringify(totals);
    if (text !== seen) changedAt = performance.now();
    seen = text;
    const quietMs = performance.now() - changedAt;
    const current = /** @type {Totals | undefined} */ (totals);
    if (current && current.rows >= wanted && quietMs > settledMs) return current;
    if (quietMs > patienceMs) {
      if (current) return current;
      throw new Error('the warehouse does not answer');
    }
    await sleep(100);
  }
}

/**
 * What is wrong, in sentences; none if every acknowledged event was stored and counted exactly once.
 * @param {{ warehouse: WarehouseClient, dataDir: string, ledger: import('./client.mjs').Ledger, totals: Totals }} run
 * @returns {Promise<string[]>}
 */
export async function findProblems({ warehouse, dataDir, ledger, totals }) {
  const acked = ledger.acked.size;
  const problems = ledger.refusals.slice(0, 5).map((refusal) => `refused for good: ${refusal}`);
  for (const [what, count] of Object.entries({ ...totals, rejected: acked })) {
    if (count !== acked) problems.push(`${what}: ${count}, acknowledged: ${acked}`);
  }
  if (totals.rejected > 0)
    problems.push(`rejected_events has ${totals.rejected} rows: ${await sample(warehouse)}`);

  /** @type {{ message_id: string }[]} */
  const rows = await warehouse.query('SELECT message_id FROM events');
  const stored = new Set(rows.map((row) => row.message_id));
  const lost = [...ledger.acked].filter((id) => !stored.has(id));
  const unknown = [...stored].filter((id) => !ledger.acked.has(id));
  if (lost.length > 0)
    problems.push(`${lost.length} acknowledged but not stored: ${lost.slice(0, 5).join(', ')}`);
  if (unknown.length > 0)
    problems.push(`${unknown.length} stored but not acknowledged: ${unknown.slice(0, 5).join(', ')}`);

  const days = await daysBetween(warehouse, { from: 0, to: Date.now() + 10 * 86_400_000 });
  for (const { rollup, day, missing, surplus, buckets } of await compareRollups(warehouse, days)) {
    problems.push(`${rollup} on ${day}: ${missing} missing, ${surplus} too many, ${buckets} buckets differ`);
  }
  const damaged = await readdir(join(dataDir, 'spool', 'quarantine')).catch(() => []);
  if (damaged.length > 0) problems.push(`the spool set segments aside: ${damaged.join(', ')}`);
  return problems;
}

/** @param {WarehouseClient} warehouse */
async function sample(warehouse) {
  const rows = await warehouse.query('SELECT reason, field, detail, message_id FROM rejected_events LIMIT 3');
  return JSON.stringify(rows);
}
