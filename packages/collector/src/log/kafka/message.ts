import type { EventMark, LogRecord, RecordMeta } from '../record.ts';

/** The topic of accepted events. */
export const EVENTS_TOPIC = 'millrace.events';
/** The topic of events that the collector refused. */
export const REJECTED_TOPIC = 'millrace.rejected';

/**
 * A message of one of the two topics. The value is rows as in `LogRecord`, one or several lines, the last one
 * included ended by "\n": ClickHouse reads it as it is. What the loader needs without parsing is in headers.
 */
export interface LogMessage {
  value: Buffer;
  headers: {
    /** The project's id. */
    p: string;
    /** When the server received the events, Unix milliseconds. */
    r: string;
    /** JSON array of marks, one per line; of events only. */
    m?: string;
    /** Names the one rejected row of the message; the same whenever it is sent again. */
    i?: string;
  };
}

/** A message as a Kafka client hands it out: a header is bytes, and anyone may have written it. */
export interface ReceivedMessage {
  value: Buffer | null;
  headers?: Record<string, unknown> | undefined;
}

/** A message that Millrace did not write, or that was damaged; the loader sets it apart. */
export class MessageFormatError extends Error {
  override readonly name = 'MessageFormatError' as const;
  readonly code = 'message_format' as const;
}

type Origin = Pick<RecordMeta, 'projectId' | 'receivedAt'>;

const NEWLINE = 0x0a;

/** The message for events of one record that share a partition: `rows` has one line per mark, in order. */
export function encodeEventsMessage(origin: Origin, marks: EventMark[], rows: Buffer): LogMessage {
  return { value: rows, headers: { ...originHeaders(origin), m: JSON.stringify(marks) } };
}

/** The message for rejected rows of one record: whole lines, or one line with a name that is in the row as well. */
export function encodeRejectedMessage(origin: Origin, rejected: Buffer, id?: string): LogMessage {
  if (id === undefined) return { value: rejected, headers: originHeaders(origin) };
  // Spliced in as the first member, so that no row is parsed.
  const value = Buffer.concat([Buffer.from(`{"rejection_id":${JSON.stringify(id)},`), rejected.subarray(1)]);
  return { value, headers: { ...originHeaders(origin), i: id } };
}

/**
 * Reads a message of the events topic; the rows are a view into its value.
 * @throws MessageFormatError that names the header at fault and what was expected.
 */
export function decodeEventsMessage(message: ReceivedMessage): LogRecord {
  const { value, projectId, receivedAt } = decodeOrigin(message);
  const marks = decodeMarks(textOf(message, 'm'));
  const lines = countLines(value);
  if (marks.length !== lines) {
    throw new MessageFormatError(`header m: expected ${lines} marks, one per line of the value`);
  }
  const meta: RecordMeta = { v: 1, projectId, receivedAt, marks, rejected: 0 };
  return { meta, rows: value, rejected: Buffer.alloc(0) };
}

/**
 * Reads a message of the rejected topic; the rows are a view into its value.
 * @throws MessageFormatError that names the header at fault and what was expected.
 */
export function decodeRejectedMessage(message: ReceivedMessage): LogRecord {
  const { value, projectId, receivedAt } = decodeOrigin(message);
  const rejected = countLines(value);
  const id = textOf(message, 'i');
  const rejectedIds = id !== '' && rejected === 1 ? { rejectedIds: [id] } : {};
  const meta: RecordMeta = { v: 1, projectId, receivedAt, marks: [], rejected, ...rejectedIds };
  return { meta, rows: Buffer.alloc(0), rejected: value };
}

function originHeaders({ projectId, receivedAt }: Origin): { p: string; r: string } {
  return { p: String(projectId), r: String(receivedAt) };
}

function decodeOrigin(message: ReceivedMessage): Origin & { value: Buffer } {
  const { value } = message;
  if (!value || value.length === 0) throw new MessageFormatError('value: expected lines of JSON');
  return { value, projectId: wholeNumber(message, 'p'), receivedAt: wholeNumber(message, 'r') };
}

function wholeNumber(message: ReceivedMessage, header: string): number {
  const text = textOf(message, header);
  if (!/^\d{1,15}$/.test(text)) throw new MessageFormatError(`header ${header}: expected a whole number`);
  return Number(text);
}

function decodeMarks(text: string): EventMark[] {
  let marks: unknown;
  try {
    marks = JSON.parse(text);
  } catch {
    marks = null;
  }
  if (Array.isArray(marks) && marks.every(isMark)) return marks;
  throw new MessageFormatError('header m: expected a JSON array of [messageId, madeAt, contentHash]');
}

function isMark(mark: unknown): mark is EventMark {
  if (!Array.isArray(mark) || mark.length !== 3) return false;
  const [messageId, madeAt, contentHash] = mark as unknown[];
  return (
    typeof messageId === 'string' &&
    (madeAt === null || typeof madeAt === 'number') &&
    typeof contentHash === 'number'
  );
}

function textOf({ headers }: ReceivedMessage, name: string): string {
  const header = headers?.[name];
  if (typeof header === 'string') return header;
  return Buffer.isBuffer(header) ? header.toString('utf8') : '';
}

function countLines(value: Buffer): number {
  let lines = 0;
  for (let at = value.indexOf(NEWLINE); at >= 0; at = value.indexOf(NEWLINE, at + 1)) lines += 1;
  return value[value.length - 1] === NEWLINE ? lines : lines + 1;
}
