import { crc32 } from 'node:zlib';
import type { EventMark } from '../log/record.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Rejection } from './check-event.ts';
import { type CorrectedClock, correctClock } from './correct-clock.ts';
import { enrich } from './enrich/enrich.ts';
import type { RequestFacts } from './enrich/enrich-step.ts';
import type { TypedEvent } from './event-schema.ts';
import { leftoverContext } from './leftover-context.ts';
import { parseTime } from './parse-time.ts';
import { quoteJson } from './quote-json.ts';

/** What holds for every event of one request. */
export interface RequestScope extends RequestFacts {
  projectId: number;
  retentionDays: number;
  /** Server clock, Unix milliseconds. */
  receivedAt: number;
  /** When that clock was last set, by what it says since. @default never */
  clockSetAt?: number;
  /** Client clock when the batch was sent, Unix milliseconds. */
  sentAt: number | undefined;
}

// What ClickHouse's DateTime64 can hold.
const MIN_TIME = Date.UTC(1900, 0, 1);
const MAX_TIME = Date.UTC(2299, 11, 31);
const EMPTY: Readonly<Record<string, unknown>> = {};

type Maybe<T> = T | null | undefined;
type Fields = Readonly<Record<string, unknown>>;

/** The name an event is stored under: a track's own, else `$` and its type. */
function storedName(event: TypedEvent): string {
  return event.type === 'track' ? (event.event ?? '') : `$${event.type}`;
}

interface Times {
  clock: CorrectedClock;
  original: number | undefined;
  sentAt: number | undefined;
}

function readTimes(event: TypedEvent, scope: RequestScope): Times | Rejection {
  const field = event.timestamp == null ? 'originalTimestamp' : 'timestamp';
  const given = event.timestamp ?? event.originalTimestamp;
  const original = given == null ? undefined : parseTime(given);
  const sentAt = scope.sentAt ?? (event.sentAt == null ? undefined : parseTime(event.sentAt));
  if (Number.isNaN(original) || Number.isNaN(sentAt)) {
    const wrong = Number.isNaN(original) ? field : 'sentAt';
    return { reason: 'invalid_event', field: wrong, detail: 'expected an ISO 8601 time' };
  }
  const clock = correctClock(scope.receivedAt, original, sentAt, scope.retentionDays);
  if (!clock.outOfRange) return { clock, original, sentAt };
  return {
    reason: 'timestamp_out_of_range',
    field,
    detail: `expected a time since 2010 and within ${scope.retentionDays} days, got ${String(given)}`,
  };
}

const textMember = (column: string, value: Maybe<string | number>): string =>
  value == null || value === '' ? '' : `,"${column}":${quoteJson(String(value))}`;

/** Whether a column of the warehouse can hold `time`, in Unix milliseconds. */
export const isStorableTime = (time: number): boolean => time >= MIN_TIME && time <= MAX_TIME;

const timeMember = (column: string, time: number | undefined): string =>
  time !== undefined && isStorableTime(time) ? `,"${column}":${time}` : '';

const objectMember = (column: string, value: Maybe<Fields>): string => {
  const json = value ? JSON.stringify(value) : '{}';
  return json === '{}' ? '' : `,"${column}":${json}`;
};

/** The members that are the same in every row of a request; rendered once for all of them. */
export function scopeMembers(scope: RequestScope): Buffer {
  return Buffer.from(
    `{"project_id":${scope.projectId},"received_at":${scope.receivedAt}` +
      `,"retention_days":${scope.retentionDays}${timeMember('sent_at', scope.sentAt)}`,
  );
}

/** What the client itself said, and says again when it retries: the content that is hashed. */
function clientMembers(event: TypedEvent, original: number | undefined): string {
  return (
    `,"type":"${event.type}","event":${quoteJson(storedName(event))}` +
    timeMember('original_timestamp', original) +
    textMember('anonymous_id', event.anonymousId) +
    textMember('user_id', event.userId) +
    textMember('group_id', event.groupId) +
    textMember('previous_id', event.previousId) +
    textMember('session_id', event.sessionId) +
    textMember('name', event.name) +
    textMember('category', event.category) +
    objectMember('properties', event.properties as Maybe<Fields>) +
    objectMember('traits', event.traits as Maybe<Fields>)
  );
}

/**
 * Writes the row of an event to `out`, a line of JSON, and returns its mark; or writes nothing and
 * returns why the event is refused. The line is put together from parts, many of them rendered for
 * an earlier event, because stringifying a row of forty columns costs more than all else.
 * `messageId` is the event's own, or one the server made; `shared` is `scopeMembers(scope)`.
 */
export function writeEventRow(
  event: TypedEvent,
  messageId: string,
  scope: RequestScope,
  shared: Uint8Array,
  out: ByteWriter,
): EventMark | Rejection {
  const times = readTimes(event, scope);
  if ('reason' in times) return times;
  const { clock, original, sentAt } = times;
  const context = (event.context as Maybe<Fields>) ?? EMPTY;
  const properties = (event.properties as Maybe<Fields>) ?? EMPTY;
  const leftover = context === EMPTY ? undefined : leftoverContext(context);

  out.bytes(shared);
  const contentStart = out.length();
  out.text(clientMembers(event, original));
  const hash = crc32(out.since(contentStart));
  enrich({ type: event.type, context, properties, request: scope }, out);
  out.text(
    `,"message_id":${quoteJson(messageId)},"timestamp":${clock.timestamp},"content_hash":${hash}` +
      (scope.sentAt === undefined ? timeMember('sent_at', sentAt) : '') +
      (clock.clamped ? ',"clock_clamped":true' : '') +
      (clock.late ? ',"late":true' : '') +
      (leftover ? `,"context":${JSON.stringify(leftover)}}\n` : '}\n'),
  );
  return [messageId, clock.madeAt, hash];
}
