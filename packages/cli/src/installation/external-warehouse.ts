import type { WarehouseConnection } from '@millrace/warehouse-schema';
import type { Config } from '../config/read-config.ts';
import type { WarehouseAccess } from './warehouse-access.ts';

/**
 * A ClickHouse outside, by `CLICKHOUSE_URL` and `MILLRACE_CLICKHOUSE_READER_URL`. Without the second, the
 * reader has no name and every query of it is refused: what may write must never answer to `/sql`.
 */
export function externalWarehouse(adminUrl: string, readerUrl: string | undefined): WarehouseAccess {
  const admin = connectionOf(adminUrl);
  const reader = readerUrl
    ? connectionOf(readerUrl)
    : { ...admin, username: 'millrace_reader', password: '' };
  return { admin, reader };
}

/** The cluster that tables are to be made over; the embedded engine has none. */
export function clusterOf({ clickhouseUrl, clickhouseCluster }: Config): string | undefined {
  return clickhouseUrl ? clickhouseCluster : undefined;
}

function connectionOf(text: string): WarehouseConnection {
  const url = new URL(text);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    url: `${url.protocol}//${url.host}`,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
    ...(database ? { database } : {}),
  };
}
