import { randomUUID } from 'node:crypto';
import { DATABASE } from '../database.ts';
import { checkStatement } from './check-statement.ts';
import { killQuery } from './kill-query.ts';
import { explainClickHouseError, ReadOnlySqlError } from './read-only-sql-error.ts';

/** A user of ClickHouse. */
export interface Credentials {
  username: string;
  password: string;
}

export interface ReadOnlySqlOptions {
  /** ClickHouse's HTTP address. */
  url: string;
  /** Who runs the query: a user with SELECT on our database and no other right. */
  reader: Credentials;
  /** Who cancels it when it runs over its time. */
  admin: Credentials;
  /** One query, sent as it is. */
  sql: string;
  /** The format, unless the query names one. @default 'JSON' */
  format?: string;
  /** @default 100000 */
  maxRows?: number;
  /** The greatest answer, in bytes. @default 64 MB */
  maxBytes?: number;
  /** @default 30 */
  maxSeconds?: number;
  /** Cancels the query, at the server too. */
  signal?: AbortSignal;
}

/** The answer, whole: a query that fails half-way gives an error, never half an answer. */
export interface ReadOnlySqlResult {
  contentType: string;
  body: string;
  queryId: string;
}

const FORMAT_NAME = /^[A-Za-z0-9]+$/;

/**
 * Runs one query as the reader, within limits on rows, bytes and time. A query that got around ClickHouse's own limit of
 * time (a subquery's SETTINGS may lift it) is killed at the server. Nothing of the caller becomes part of other SQL.
 * @throws ReadOnlySqlError for everything that goes wrong.
 */
export async function runReadOnlySql(options: ReadOnlySqlOptions): Promise<ReadOnlySqlResult> {
  checkStatement(options.sql);
  const { maxRows = 100_000, maxBytes = 64 * 1024 * 1024, maxSeconds = 30, format = 'JSON' } = options;
  if (!FORMAT_NAME.test(format))
    throw new ReadOnlySqlError('not_a_query', `format: expected a name such as JSON or CSV`);
  const queryId = randomUUID();
  const url = new URL(options.url);
  url.search = new URLSearchParams({
    database: DATABASE,
    query_id: queryId,
    default_format: format,
    max_execution_time: String(maxSeconds),
    max_result_rows: String(maxRows),
    wait_end_of_query: '1',
    output_format_json_quote_64bit_integers: '0',
    json_type_escape_dots_in_keys: '1',
  }).toString();

  // A second of grace, so that where ClickHouse keeps the limit itself, its own error is the answer.
  const overTime = AbortSignal.timeout((maxSeconds + 1) * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, overTime]) : overTime;
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: options.sql,
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'X-ClickHouse-User': options.reader.username,
        'X-ClickHouse-Key': options.reader.password,
      },
      signal,
    });
    const body = await readWithin(response, maxBytes);
    if (!response.ok || response.headers.has('x-clickhouse-exception-code'))
      throw explainClickHouseError(body);
    return {
      contentType: response.headers.get('content-type') ?? 'text/plain; charset=utf-8',
      body,
      queryId,
    };
  } catch (error) {
    if (error instanceof ReadOnlySqlError && error.code !== 'result_too_big') throw error;
    await killQuery({ url: options.url, admin: options.admin, queryId });
    if (error instanceof ReadOnlySqlError) throw error;
    throw describeFailure(error, overTime, options.signal, maxSeconds);
  }
}

async function readWithin(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBytes) {
      throw new ReadOnlySqlError(
        'result_too_big',
        `The answer has more than ${maxBytes} bytes. Add a LIMIT or aggregate.`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function describeFailure(
  error: unknown,
  overTime: AbortSignal,
  caller: AbortSignal | undefined,
  maxSeconds: number,
): ReadOnlySqlError {
  if (caller?.aborted) return new ReadOnlySqlError('cancelled', 'The query was cancelled.');
  if (overTime.aborted) {
    return new ReadOnlySqlError(
      'too_slow',
      `The query ran longer than ${maxSeconds} seconds and was stopped.`,
    );
  }
  const reason =
    error instanceof Error
      ? error.cause instanceof Error
        ? error.cause.message
        : error.message
      : String(error);
  return new ReadOnlySqlError('warehouse_unavailable', `ClickHouse does not answer: ${reason}`);
}
