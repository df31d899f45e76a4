import type { WarehouseConnection } from '../client.ts';
import { DATABASE } from '../database.ts';
import { MoveError } from './move-error.ts';

/** Nothing is deduplicated, and blocks stay small enough for a small server. */
const INSERT = {
  async_insert: '0',
  insert_deduplicate: '0',
  max_insert_threads: '1',
  max_partitions_per_insert_block: '0',
  min_insert_block_size_bytes: '67108864',
  distributed_foreground_insert: '1',
};

/**
 * Streams the answer of a query into an INSERT elsewhere, in ClickHouse's own format, without a file in between. Who calls
 * compares what arrived: a source that fails on the way may look like one that has ended.
 * @throws MoveError with the words of the side that failed.
 */
export async function transfer(
  from: WarehouseConnection,
  select: string,
  to: WarehouseConnection,
  insert: string,
  params: Record<string, string>,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [`param_${name}`, value]));
  const source = await request(
    from,
    { ...given, max_execution_time: '0', max_threads: '2' },
    `${select} FORMAT Native`,
  );
  const target = await request(to, { ...INSERT, query: `${insert} FORMAT Native` }, source.body);
  await target.arrayBuffer();
}

async function request(
  { url, username, password, database = DATABASE }: WarehouseConnection,
  settings: Record<string, string>,
  body: string | ReadableStream<Uint8Array> | null,
): Promise<Response> {
  const address = new URL(url);
  for (const [name, value] of Object.entries({ ...settings, database }))
    address.searchParams.set(name, value);
  const response = await fetch(address, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
  } as RequestInit).catch((error: unknown) => {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new MoveError('transfer', `${address.host}: ${reason instanceof Error ? reason.message : reason}`);
  });
  if (response.ok) return response;
  throw new MoveError('transfer', `${address.host}: ${(await response.text()).trim().split('\n')[0]}`);
}
