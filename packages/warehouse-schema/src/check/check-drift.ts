import type { WarehouseClient } from '../client.ts';
import { diffSchema } from '../schema/diff-schema.ts';
import { describeDifference, remedyOf } from '../schema/difference.ts';
import type { Finding } from './finding.ts';

/** What differs from the migrations that were applied; nothing while others are to be applied. */
export async function checkDrift(client: WarehouseClient): Promise<Finding[]> {
  const { differences, pending } = await diffSchema({ client });
  if (pending.length > 0) return [];
  return differences.map((difference) => ({
    severity: difference.part === 'missing' ? 'error' : 'warning',
    code: difference.part === 'missing' ? 'table_missing' : 'table_differs',
    message: `${describeDifference(difference)}.`,
    fix: remedyOf(difference),
  }));
}
