/** Why a query was not answered; `status` is the HTTP status that fits. */
export type ReadOnlySqlCode =
  | 'not_a_query'
  | 'query_failed'
  | 'access_denied'
  | 'limit_exceeded'
  | 'too_slow'
  | 'result_too_big'
  | 'out_of_memory'
  | 'cancelled'
  | 'warehouse_unavailable';

const STATUS: Record<ReadOnlySqlCode, number> = {
  not_a_query: 400,
  query_failed: 400,
  access_denied: 403,
  limit_exceeded: 400,
  too_slow: 408,
  result_too_big: 413,
  out_of_memory: 413,
  cancelled: 499,
  warehouse_unavailable: 503,
};

/** A query was refused, failed, or ran over its limits. The message is for the person who wrote it. */
export class ReadOnlySqlError extends Error {
  override readonly name = 'ReadOnlySqlError' as const;
  readonly code: ReadOnlySqlCode;
  readonly status: number;

  constructor(code: ReadOnlySqlCode, message: string) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
  }
}

const BY_CLICKHOUSE_CODE: Record<number, ReadOnlySqlCode> = {
  159: 'too_slow',
  160: 'too_slow',
  164: 'access_denied',
  201: 'limit_exceeded',
  202: 'limit_exceeded',
  241: 'out_of_memory',
  243: 'out_of_memory',
  290: 'limit_exceeded',
  392: 'access_denied',
  394: 'cancelled',
  396: 'result_too_big',
  452: 'access_denied',
  497: 'access_denied',
  516: 'warehouse_unavailable',
};

/** Reads ClickHouse's answer to a failed query: its code, and its words without what only its developers need. */
export function explainClickHouseError(text: string): ReadOnlySqlError {
  const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? 0);
  const words = text
    .replace(/^[\s\S]*?DB::Exception: /, '')
    .replace(/\s*\(version [^)]*\)\s*$/, '')
    .trim();
  return new ReadOnlySqlError(BY_CLICKHOUSE_CODE[code] ?? 'query_failed', words === '' ? text.trim() : words);
}
