import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import type { LoaderWarehouse } from '../loader-warehouse.ts';
import { createGate } from './gate.ts';
import { createStandStill } from './stand-still.ts';

/** What the query ids of every loader's inserts begin with. */
export const ALL_INSERTS = 'millrace-loader:';

export interface SharedWarehouseOptions {
  warehouse: LoaderWarehouse;
  client: WarehouseClient;
  /** How many inserts of this process may run at a time. */
  inserts: number;
  signal: AbortSignal;
}

/**
 * A warehouse that several loaders fill. What is filled from `events` can be compared and rebuilt only while
 * none of them inserts, so whoever does that makes the others stand still.
 */
export function shareWarehouse(options: SharedWarehouseOptions): LoaderWarehouse {
  const { warehouse, client, inserts, signal } = options;
  const gate = createGate(inserts);
  const standStill = createStandStill({
    client,
    owner: randomUUID(),
    signal,
    isQuiet: async () => (await warehouse.insertsRunning(ALL_INSERTS)) === 0,
  });
  return {
    ...warehouse,
    insert: (table, rows, insertOptions) =>
      gate.pass(async () => {
        await standStill.ended();
        await warehouse.insert(table, rows, insertOptions);
      }),
    compareDerived: (range) => standStill.during(() => warehouse.compareDerived(range)),
  };
}
