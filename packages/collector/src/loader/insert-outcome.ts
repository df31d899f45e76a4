/** What is known after an insert was tried. */
export type InsertOutcome =
  | { kind: 'done' }
  /** ClickHouse refused the rows themselves, before it wrote any. `row` is the number of the first one, if it said so. */
  | { kind: 'refused'; message: string; row: number | null }
  /** Nothing was sent. */
  | { kind: 'unsent'; error: unknown }
  /** Anything may have happened. */
  | { kind: 'unknown'; error: unknown };

/**
 * ClickHouse's codes for a row that it cannot read or convert. Any other error may come from the server's
 * state, and says nothing against the rows, unless it names one.
 */
const ROW_ERRORS = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  33, // CANNOT_READ_ALL_DATA
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  130, // CANNOT_READ_ARRAY_FROM_TEXT
  131, // TOO_LARGE_STRING_SIZE
  153, // ILLEGAL_DIVISION
  306, // TOO_DEEP_RECURSION
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376, // CANNOT_PARSE_UUID
  407, // DECIMAL_OVERFLOW
  467, // CANNOT_PARSE_BOOL
  675, // CANNOT_PARSE_IPV4
  676, // CANNOT_PARSE_IPV6
]);

/** Codes of the server's state, which it may meet while it reads a row as well as anywhere else. */
const SERVER_STATES = new Set([
  159, // TIMEOUT_EXCEEDED
  173, // CANNOT_ALLOCATE_MEMORY
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  236, // ABORTED
  241, // MEMORY_LIMIT_EXCEEDED
  243, // NOT_ENOUGH_SPACE
  394, // QUERY_WAS_CANCELLED
]);

const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Runs an insert and says what is known of it afterwards; never rejects. */
export async function tryInsert(insert: () => Promise<void>): Promise<InsertOutcome> {
  try {
    await insert();
    return { kind: 'done' };
  } catch (error) {
    return classifyInsertError(error);
  }
}

/** Says what an error of an insert proves. */
export function classifyInsertError(error: unknown): InsertOutcome {
  const code = codeOf(error);
  if (NOT_CONNECTED.has(code)) return { kind: 'unsent', error };
  const message = error instanceof Error ? error.message : String(error);
  const row = rowIn(message);
  const namesRow = /^\d+$/.test(code) && row !== null && !SERVER_STATES.has(Number(code));
  if (!namesRow && !ROW_ERRORS.has(Number(code))) return { kind: 'unknown', error };
  return { kind: 'refused', message, row };
}

// "(at row 17)" counts from 1.
function rowIn(message: string): number | null {
  const row = /\(at row (\d+)\)/.exec(message)?.[1];
  return row === undefined ? null : Number(row) - 1;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return String(code);
  return cause === undefined ? '' : codeOf(cause);
}
