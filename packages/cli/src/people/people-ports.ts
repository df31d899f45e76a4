import type { KafkaConnection } from '@millrace/collector';
import type { DefinitionsStore } from '@millrace/definitions';
import type { WarehouseClient } from '@millrace/warehouse-schema';

/** Where the data of people is. */
export interface PeoplePorts {
  /** An administrator of the warehouse. */
  client: WarehouseClient;
  store: Pick<DefinitionsStore, 'suppressions'>;
  dataDir: string;
  kafka?: KafkaConnection | undefined;
  log: (line: string) => void;
}
