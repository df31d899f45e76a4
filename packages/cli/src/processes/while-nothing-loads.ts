import { whileLoaderStandsStill, whileLoadersStandStill } from '@millrace/collector';
import type { WarehouseClient } from '@millrace/warehouse-schema';
import { dataPaths } from '../data-dir/data-paths.ts';

/** What the loaders of an installation are known by. */
export interface Loaders {
  client: WarehouseClient;
  dataDir: string;
  isKafka: boolean;
}

/** Lets an operation run while no loader inserts; with Kafka one may also be at what was left in the spool. */
export function whileNothingLoads<T>(
  { client, dataDir, isKafka }: Loaders,
  operation: () => Promise<T>,
): Promise<T> {
  return whileLoaderStandsStill({ stateDir: dataPaths(dataDir).loader }, () =>
    isKafka ? whileLoadersStandStill(client, operation) : operation(),
  );
}
