import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import type { LoaderWarehouse } from '../loader-warehouse.ts';
import { createGate } from './gate.ts';
import { createStandStill, StandStillError } from './stand-still.ts';

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
 * none of them inserts, so whoever does that makes the others stand still. An insert first lets itself be seen, then
 * looks whether one is asked for, and only then sends its rows; whoever asks first lets that be seen, then looks for
 * inserts. So one of the two sees the other, however long either is put to sleep in between. A person is deleted the same
 * way, so rows that waited, or that were judged by an older list of suppressed ids, are judged anew before they go in.
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
  async function whenPermitted(
    ...[table, rows, attempt]: Parameters<LoaderWarehouse['insert']>
  ): Promise<void> {
    const { suppressed } = attempt;
    let body = rows;
    for (let tried = 0; body.length > 0; tried++) {
      // The one before may still be about to end.
      const queryId = `${attempt.queryId}.${tried}`;
      const permit = () => standStill.permit(queryId, suppressed?.version());
      try {
        return await warehouse.insert(table, body, { ...attempt, queryId, permit });
      } catch (error) {
        if (!(error instanceof StandStillError)) throw error;
      }
      await standStill.ended();
      if (suppressed) body = await suppressed.renew();
    }
  }

  return {
    ...warehouse,
    insert: (...attempt) => gate.pass(() => whenPermitted(...attempt)),
    compareDerived: (range) => standStill.during(() => warehouse.compareDerived(range)),
  };
}
