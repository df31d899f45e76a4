import { randomUUID } from 'node:crypto';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import { createClickHouseWarehouse } from '../click-house-warehouse.ts';
import { ALL_INSERTS } from './shared-warehouse.ts';
import { createStandStill } from './stand-still.ts';

/** Runs the operation while the loaders of Kafka, wherever they run, insert nothing. */
export function whileLoadersStandStill<T>(
  client: WarehouseClient,
  operation: () => Promise<T>,
  signal: AbortSignal = new AbortController().signal,
): Promise<T> {
  const warehouse = createClickHouseWarehouse(client);
  const standStill = createStandStill({
    client,
    owner: randomUUID(),
    signal,
    isQuiet: async () => (await warehouse.insertsRunning(ALL_INSERTS)) === 0,
  });
  return standStill.during(operation);
}
