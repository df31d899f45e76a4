import { createSuppressionList, type SuppressionList } from '@millrace/warehouse-schema';
import type { LoaderWarehouse } from './loader-warehouse.ts';

/** The list of suppressed ids as a loader last read it. */
export interface Suppression {
  list(): SuppressionList;
  /** How many ids it had. */
  version(): number;
  /** Reads it anew. */
  reload(): Promise<void>;
}

/** Nothing is suppressed until `reload` has read the list. */
export function createSuppression(warehouse: Pick<LoaderWarehouse, 'suppressedIds'>): Suppression {
  let list = createSuppressionList([]);
  let version = 0;
  return {
    list: () => list,
    version: () => version,
    async reload() {
      const entries = await warehouse.suppressedIds();
      list = createSuppressionList(entries);
      version = entries.length;
    },
  };
}
