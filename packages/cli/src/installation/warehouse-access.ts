import type { WarehouseConnection } from '@millrace/warehouse-schema';

/** How to reach the warehouse as each of its users. */
export interface WarehouseAccess {
  admin: WarehouseConnection;
  reader: WarehouseConnection;
}
