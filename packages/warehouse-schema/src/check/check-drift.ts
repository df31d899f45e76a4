import type { WarehouseClient } from '../client.ts';
import { diffSchema } from '../schema/diff-schema.ts';
import { describeDifference, isOfDeletion, remedyOf } from '../schema/difference.ts';
import type { Finding } from './finding.ts';

/**
 * What differs from the migrations that were applied; nothing while others are to be applied. What a deletion of a person
 * has set for a while, on many tables, is one finding.
 */
export async function checkDrift(client: WarehouseClient): Promise<Finding[]> {
  const { differences, pending } = await diffSchema({ client });
  if (pending.length > 0) return [];
  const [ofDeletion, ...more] = differences.filter(isOfDeletion);
  const drift = differences.filter((difference) => !isOfDeletion(difference));
  const findings = drift.map(
    (difference): Finding => ({
      severity: difference.part === 'missing' ? 'error' : 'warning',
      code: difference.part === 'missing' ? 'table_missing' : 'table_differs',
      message: `${describeDifference(difference)}.`,
      fix: remedyOf(difference),
    }),
  );
  if (!ofDeletion) return findings;
  return [
    ...findings,
    {
      severity: 'warning',
      code: 'deletion_open',
      message: `The deletion of a person runs, or was cut off: ${describeDifference(ofDeletion)}${more.length > 0 ? `, and ${more.length} more such settings` : ''}.`,
      fix: 'If none runs: millrace person resume goes on with one that was cut off, and takes the settings back.',
    },
  ];
}
