/**
 * A record: what one request adds to the log, and the unit in which the log is read.
 *
 * `rows` and `rejected` are newline-delimited JSON, each line (the last included) ended by "\n":
 * rows of `events` and of `rejected_events` as ClickHouse takes them, but for their position,
 * which only the reader of the log knows.
 */
export interface LogRecord {
  meta: RecordMeta;
  rows: Buffer;
  rejected: Buffer;
}

/** What the loader needs of each event without parsing it. */
export interface RecordMeta {
  v: 1;
  projectId: number;
  /** Server clock, Unix milliseconds. */
  receivedAt: number;
  /** One per line of `rows`, in order. */
  marks: EventMark[];
  /** Lines in `rejected`. */
  rejected: number;
  /** Names the record, in a log that may hold it more than once; only those with rejected rows need one. */
  id?: string;
  /** Of a log that may hold a rejected row more than once: the name of each line of `rejected`. */
  rejectedIds?: string[];
}

/**
 * `[messageId, madeAt, contentHash]`. `madeAt` is when the event was made by the server's clock
 * (`receivedAt - (sentAt - originalTimestamp)`, Unix milliseconds), or null without a `sentAt`.
 * `contentHash` is 32 bit, over type, event, ids, client timestamp, properties and traits.
 */
export type EventMark = [messageId: string, madeAt: number | null, contentHash: number];

const NEWLINE = 0x0a;

/** From here on a copy of the rows costs more than one part more in a gathered write. */
const APART_BYTES = 4096;

/**
 * Writes a record as bytes: the meta as one line of JSON, the rows, the rejected rows. The bytes are in parts
 * that follow one another, since to join them would copy all rows once more; a part may be the record's own. `padding`
 * makes it so many bytes longer.
 */
export function encodeRecord(record: LogRecord, padding = 0): Buffer[] {
  const head = Buffer.from(`size${JSON.stringify(record.meta)}${' '.repeat(padding)}\n`);
  head.writeUInt32LE(record.rows.length);
  const parts = [head, record.rows, record.rejected];
  return record.rows.length < APART_BYTES ? [Buffer.concat(parts)] : parts;
}

/** Reads what `encodeRecord` wrote, its parts joined; the buffers are views into `payload`. */
export function decodeRecord(payload: Buffer): LogRecord {
  const rowBytes = payload.readUInt32LE(0);
  const metaEnd = payload.indexOf(NEWLINE, 4);
  if (metaEnd < 0) throw new Error('log record without a meta line');
  const meta = JSON.parse(payload.toString('utf8', 4, metaEnd)) as RecordMeta;
  if (meta.v !== 1) throw new Error(`log record of unknown version ${String(meta.v)}`);
  const rowsEnd = metaEnd + 1 + rowBytes;
  return {
    meta,
    rows: payload.subarray(metaEnd + 1, rowsEnd),
    rejected: payload.subarray(rowsEnd),
  };
}
