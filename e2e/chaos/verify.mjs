import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareRollups, daysBetween } from '@millrace/warehouse-schema';
import { isLoaded } from './is-loaded.mjs';
import { PAST_EVENTS, PAST_LOG } from './past.mjs';

/** @typedef {import('@millrace/warehouse-schema').WarehouseClient} WarehouseClient */

/**
 * What the warehouse holds, but for its past.
 * @typedef {object} Totals
 * @property {number} rows rows of `events`
 * @property {number} ids message ids in `events`
 * @property {number} places positions of the log in `events`
 * @property {number} rollup events that the rollup counts
 * @property {number} known rows of `message_ids`
 */

const TOTALS = `
  SELECT count() AS rows, uniqExact(message_id) AS ids, uniqExact(log_id, log_offset, log_index) AS places,
    (SELECT sum(events) FROM events_15m) - ${PAST_EVENTS} AS rollup,
    (SELECT count() FROM message_ids WHERE log_id != '${PAST_LOG}') AS known
  FROM events WHERE log_id != '${PAST_LOG}'`;
const SETTLED_MS = 1500;
const HORIZON_MS = 10 * 86_400_000;

/**
 * Waits until the log is loaded to its end and nothing has changed for a while, or gives up when nothing has changed
 * for `patienceMs`. Resolves to the last totals.
 * @param {{ product: import('./product.mjs').Product, dataDir: string, patienceMs: number }} options
 * @returns {Promise<{ totals: Totals, isDrained: boolean }>}
 */
export async function drained({ product, dataDir, patienceMs }) {
  let seen = '';
  let changedAt = performance.now();
  while (true) {
    const warehouse = await product.warehouse();
    // While ClickHouse is starting again there is no answer, which is not "nothing has changed".
    const [totals] = await warehouse.query(TOTALS).catch(() => []);
    const text = JSON.stringify(totals);
    if (text !== seen) changedAt = performance.now();
    seen = text;
    const quietMs = performance.now() - changedAt;
    const current = /** @type {Totals | undefined} */ (totals);
    if (current && quietMs > SETTLED_MS && (await isLoaded(product, dataDir))) {
      // Counted anew: the last rows may have come while the loaders were asked.
      const [last] = await warehouse.query(TOTALS).catch(() => []);
      if (JSON.stringify(last) === text) return { totals: current, isDrained: true };
      continue;
    }
    if (quietMs > patienceMs) {
      if (current) return { totals: current, isDrained: false };
      throw new Error('the warehouse does not answer');
    }
    await sleep(250);
  }
}

/**
 * What is wrong, in sentences; none if every acknowledged event was stored and counted exactly once, and all that
 * was refused, and nothing else, is among the rejected.
 * @param {{ warehouse: WarehouseClient, dataDir: string, ledger: import('./client.mjs').Ledger, totals: Totals,
 *   untilMs: number }} run
 * @returns {Promise<string[]>}
 */
export async function findProblems({ warehouse, dataDir, ledger, totals, untilMs }) {
  const acked = ledger.acked.size;
  const problems = ledger.refusals.slice(0, 5).map((refusal) => `refused for good: ${refusal}`);
  for (const [what, count] of Object.entries(totals)) {
    if (count !== acked) problems.push(`${what}: ${count}, acknowledged: ${acked}`);
  }
  /** @type {{ message_id: string }[]} */
  const rows = await warehouse.query(`SELECT message_id FROM events WHERE log_id != '${PAST_LOG}'`);
  const stored = new Set(rows.map((row) => row.message_id));
  problems.push(...differences('acknowledged', ledger.acked, 'stored', stored));

  const rejected = await rejectedIds(warehouse);
  problems.push(
    ...differences('refused as invalid', ledger.invalid, 'in rejected_events', rejected.invalid_event),
    ...differences(
      'used again for something else',
      ledger.reused,
      'in rejected_events',
      rejected.duplicate_id,
    ),
    ...differences('refused by ClickHouse', new Set(), 'in rejected_events', rejected.others),
  );

  const days = await daysBetween(warehouse, { from: 0, to: untilMs + HORIZON_MS });
  for (const { rollup, day, missing, surplus, buckets } of await compareRollups(warehouse, days)) {
    problems.push(`${rollup} on ${day}: ${missing} missing, ${surplus} too many, ${buckets} buckets differ`);
  }
  for (const folder of ['spool', 'buffer']) {
    const damaged = await readdir(join(dataDir, folder, 'quarantine')).catch(() => []);
    if (damaged.length > 0) problems.push(`the ${folder} set segments aside: ${damaged.join(', ')}`);
  }
  return problems;
}

/** @type {(left: string, ours: Set<string>, right: string, theirs: Set<string>) => string[]} */
function differences(left, ours, right, theirs) {
  const missing = [...ours].filter((id) => !theirs.has(id));
  const surplus = [...theirs].filter((id) => !ours.has(id));
  const some = (/** @type {string[]} */ ids) => ids.slice(0, 5).join(', ');
  return [
    ...(missing.length > 0 ? [`${missing.length} ${left} but not ${right}: ${some(missing)}`] : []),
    ...(surplus.length > 0 ? [`${surplus.length} ${right} but not ${left}: ${some(surplus)}`] : []),
  ];
}

/** @param {WarehouseClient} warehouse */
async function rejectedIds(warehouse) {
  /** @type {{ reason: string, message_id: string, detail: string }[]} */
  const rows = await warehouse.query('SELECT DISTINCT reason, message_id, detail FROM rejected_events');
  const ids = { invalid_event: new Set(), duplicate_id: new Set(), others: new Set() };
  for (const { reason, message_id, detail } of rows) {
    if (reason === 'invalid_event' || reason === 'duplicate_id') ids[reason].add(message_id);
    else ids.others.add(`${reason} ${message_id} ${detail}`);
  }
  return ids;
}
