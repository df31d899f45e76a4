import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { DATABASE } from './database.ts';
import { type ExternalTable, queryWithTable } from './external-table.ts';

/** How to reach a ClickHouse, embedded or not. */
export interface WarehouseConnection {
  /** `http(s)://host:port`. */
  url: string;
  username: string;
  password: string;
  /** @default 'millrace' */
  database?: string;
  /** How long a request may take, in milliseconds. @default 60000 */
  requestTimeoutMs?: number;
  /** @default 10 */
  maxConnections?: number;
}

/** Settings of one query, by ClickHouse's names. */
export type WarehouseSettings = Record<string, string | number | boolean>;

export interface QueryOptions {
  /** Values for the `{name:Type}` of the query; ClickHouse binds them, they never become SQL text. */
  params?: Record<string, unknown>;
  settings?: WarehouseSettings;
  queryId?: string;
  signal?: AbortSignal;
  /** Rows for this query alone, for lists that no parameter could hold; needs plain `params`, takes no `settings`. */
  table?: ExternalTable;
}

export interface InsertOptions {
  /** The `insert_deduplication_token`. */
  token?: string;
  /**
   * Asked before ClickHouse is given a row, while it runs the insert already, so that others see it among the running
   * queries. If it rejects, no row goes in, and the insert rejects with the same.
   */
  permit?: () => Promise<void>;
  settings?: WarehouseSettings;
  queryId?: string;
  signal?: AbortSignal;
}

/** What the rest of Millrace knows of ClickHouse. Errors of the server are `ClickHouseError` with `code` and `type`. */
export interface WarehouseClient {
  readonly url: string;
  readonly database: string;
  /** Runs a query and gives its rows; 64-bit integers come as numbers. */
  query<Row>(sql: string, options?: QueryOptions): Promise<Row[]>;
  /** Runs a statement that takes no FORMAT, such as CHECK GRANT, and gives its answer as text. */
  text(sql: string): Promise<string>;
  /** Runs a statement that answers no rows. */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /**
   * Inserts rows of newline-delimited JSON as one block under one token, with `INSERT_SETTINGS`. Resolves once
   * ClickHouse has taken them; if it rejects with anything but a ClickHouseError, the outcome is unknown.
   */
  insertRows(table: string, rows: readonly Uint8Array[], options?: InsertOptions): Promise<void>;
  /** The same user of the same server, in another database. */
  inDatabase(database: string): WarehouseClient;
  /** Makes the database if it is missing. */
  createDatabase(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What an insert needs so that it is one block, deduplicated in the table and in every view, and takes whatever JSON
 * a client may send as properties.
 */
export const INSERT_SETTINGS: WarehouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  distributed_foreground_insert: 1,
  materialized_views_ignore_errors: 0,
  parallel_view_processing: 0,
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
  max_insert_block_size: 1_048_576,
  max_insert_block_size_bytes: 0,
  min_insert_block_size_rows: 1_048_576,
  min_insert_block_size_bytes: 1_073_741_824,
  min_insert_block_size_rows_for_materialized_views: 1_048_576,
  min_insert_block_size_bytes_for_materialized_views: 1_073_741_824,
  max_partitions_per_insert_block: 0,
  input_format_skip_unknown_fields: 0,
  input_format_defaults_for_omitted_fields: 1,
  input_format_null_as_default: 1,
  input_format_json_read_bools_as_strings: 1,
  input_format_json_read_numbers_as_strings: 1,
  input_format_json_read_arrays_as_strings: 1,
  input_format_json_read_objects_as_strings: 1,
  // The other parser takes integers of more than 64 bits, as doubles; it costs some 3 % of an insert.
  allow_simdjson: 0,
  // Text stays text: a date would come back in another form.
  input_format_try_infer_dates: 0,
  input_format_try_infer_datetimes: 0,
  type_json_skip_duplicated_paths: 1,
  json_type_escape_dots_in_keys: 1,
  date_time_input_format: 'best_effort',
};

const IDENTIFIER = /^[a-z_][a-z0-9_]*$/;

/** A client for one ClickHouse and one user, over HTTP. */
export function createWarehouseClient(connection: WarehouseConnection): WarehouseClient {
  const database = connection.database ?? DATABASE;
  const connect = (name: string): ClickHouseClient =>
    createClient({
      url: connection.url,
      username: connection.username,
      password: connection.password,
      database: name,
      application: 'millrace',
      request_timeout: connection.requestTimeoutMs ?? 60_000,
      max_open_connections: connection.maxConnections ?? 10,
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 0,
        // As at insert, so that a key with a dot comes out as it went in.
        json_type_escape_dots_in_keys: 1,
      },
    });
  const client = connect(database);

  return {
    url: connection.url,
    database,
    async query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
      if (options.table) {
        const params = (options.params ?? {}) as Record<string, string | number>;
        return queryWithTable<Row>({ ...connection, database }, sql, options.table, params, options.signal);
      }
      const result = await client.query({ query: sql, format: 'JSONEachRow', ...common(options) });
      return result.json<Row>();
    },
    async text(sql) {
      const { stream } = await client.exec({ query: sql });
      return readAll(stream);
    },
    async command(sql, options = {}) {
      await client.command({ query: sql, ...common(options) });
    },
    async insertRows(table, rows, options = {}) {
      if (!IDENTIFIER.test(table))
        throw new TypeError(`table: expected a plain name, got ${JSON.stringify(table)}`);
      const token = options.token === undefined ? {} : { insert_deduplication_token: options.token };
      const { permit } = options;
      const early = permit ? { max_query_size: MAX_QUERY_BYTES } : {};
      const settings = { ...INSERT_SETTINGS, ...token, ...early, ...options.settings };
      const refusal: { error?: unknown } = {};
      const { stream } = await client
        .exec({
          query: `INSERT INTO ${table} FORMAT JSONEachRow`,
          values: Readable.from(permit ? permitted(rows, permit, refusal) : rows, { objectMode: false }),
          ...common({ ...options, settings }),
        })
        .catch((error: unknown) => {
          throw 'error' in refusal ? refusal.error : error;
        });
      // An error that comes after the headers stands in the body.
      const tail = await readAll(stream);
      if (tail.includes('DB::Exception')) throw new Error(`insert into ${table} failed: ${tail.trim()}`);
    },
    inDatabase: (name) => createWarehouseClient({ ...connection, database: name }),
    async createDatabase() {
      const outside = connect('system');
      try {
        await outside.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
      } finally {
        await outside.close();
      }
    },
    close: () => client.close(),
  };
}

/** More than any of our inserts has before its rows. */
const MAX_QUERY_BYTES = 1000;

/** ClickHouse begins to run an insert once it was sent more than the query itself may have; blank lines are no rows. */
async function* permitted(
  rows: readonly Uint8Array[],
  permit: () => Promise<void>,
  refusal: { error?: unknown },
): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(2 * MAX_QUERY_BYTES, '\n');
  try {
    await permit();
  } catch (error) {
    refusal.error = error;
    throw error;
  }
  yield* rows;
}

async function readAll(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream) text += String(part);
  return text;
}

function common(options: QueryOptions) {
  return {
    ...(options.params && { query_params: options.params }),
    ...(options.settings && { clickhouse_settings: options.settings as ClickHouseSettings }),
    ...(options.queryId !== undefined && { query_id: options.queryId }),
    ...(options.signal && { abort_signal: options.signal }),
  };
}
