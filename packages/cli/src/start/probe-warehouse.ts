import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { WarehouseConnection } from '@millrace/warehouse-schema';

/**
 * Resolves when ClickHouse has answered the login of a user, be it with an error: one that is short of memory is busy
 * and does not hang. Rejects where nothing listens, or when `signal` aborts before the answer.
 */
export async function probeWarehouse(connection: WarehouseConnection, signal: AbortSignal): Promise<void> {
  const request = get(new URL('/?query=SELECT%201', connection.url), {
    // A connection that is kept open still answers when the port is closed.
    agent: false,
    signal,
    headers: { 'x-clickhouse-user': connection.username, 'x-clickhouse-key': connection.password },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
}
