import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMillrace } from '../../e2e/support/millrace.mjs';
import { measure } from './measure.mjs';
import { pause } from './visit.mjs';

/**
 * Our SDK against the built product: every scenario with a Millrace of its own behind the faults, then what its
 * warehouse holds. A scenario's result, with `rows` in the warehouse and how many of them are `repeated`.
 */
export async function measureProduct(browser, code, scenarios) {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-delivery-'));
  const millrace = await startMillrace({ dataDir });
  try {
    const warehouse = await millrace.warehouse('admin');
    const results = [];
    for (const scenario of scenarios) {
      const before = await countRows(warehouse);
      const result = await measure(browser, code, scenario, millrace);
      const after = await settledRows(warehouse, before.rows + result.back);
      results.push({
        scenario: scenario.id,
        what: scenario.what,
        of: result.of,
        'at the collector': result.back,
        'twice on the wire': result.duplicates,
        'rows in the warehouse': after.rows - before.rows,
        'of them repeated': after.rows - after.markers - (before.rows - before.markers),
        ...(result.failed && { failed: result.failed }),
      });
    }
    return results;
  } finally {
    await millrace.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

// `z` is what tracks the visitor's return; every visitor is new, so the visitor and the marker name an event.
const COUNT = `SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(anonymous_id, toString(properties.marker))) AS markers
  FROM events WHERE event = 'bench' AND startsWith(toString(properties.marker), 'mka')`;

async function countRows(warehouse) {
  const [counts] = await warehouse.query(COUNT);
  return counts;
}

/** Counts once the warehouse has at least `rows`, and as much again as came in the second after. */
async function settledRows(warehouse, rows) {
  for (let tries = 0; tries < 100 && (await countRows(warehouse)).rows < rows; tries++) await pause(100);
  await pause(1_000);
  return countRows(warehouse);
}
