import type { Credentials } from './run-read-only-sql.ts';

const TIMEOUT_MS = 5_000;

/** Asks ClickHouse to cancel a query, as the administrator; does not fail when there is none or nobody answers. */
export async function killQuery(options: {
  url: string;
  admin: Credentials;
  queryId: string;
}): Promise<void> {
  const url = new URL(options.url);
  url.searchParams.set('param_query_id', options.queryId);
  await fetch(url, {
    method: 'POST',
    body: 'KILL QUERY WHERE query_id = {query_id:String} ASYNC',
    headers: { 'X-ClickHouse-User': options.admin.username, 'X-ClickHouse-Key': options.admin.password },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).then(
    (response) => response.arrayBuffer(),
    () => undefined,
  );
}
