import type { EventRow } from '@millrace/warehouse-schema';
import type { EventMark } from '../log/record.ts';
import type { Rejection } from './check-event.ts';
import { contentHash } from './content-hash.ts';
import { type CorrectedClock, correctClock } from './correct-clock.ts';
import type { EnrichInput, RequestFacts } from './enrich/enrich-step.ts';
import { ENRICH_STEPS } from './enrich/steps.ts';
import type { TypedEvent } from './event-schema.ts';
import { leftoverContext } from './leftover-context.ts';
import { parseTime } from './parse-time.ts';

/** What holds for every event of one request. */
export interface RequestScope extends RequestFacts {
  projectId: number;
  retentionDays: number;
  /** Server clock, Unix milliseconds. */
  receivedAt: number;
  /** Client clock when the batch was sent, Unix milliseconds. */
  sentAt: number | undefined;
}

/** An event as it goes into the log: one line of JSON without its newline, and its mark. */
export interface RenderedEvent {
  line: string;
  mark: EventMark;
}

// What ClickHouse's DateTime64 can hold.
const MIN_TIME = Date.UTC(1900, 0, 1);
const MAX_TIME = Date.UTC(2299, 11, 31);
const EMPTY: Readonly<Record<string, unknown>> = {};

const storable = (time: number | undefined): time is number =>
  time !== undefined && time >= MIN_TIME && time <= MAX_TIME;

/** The name an event is stored under: a track's own, else `$` and its type. */
export function storedName(event: TypedEvent): string {
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

const IDS = [
  ['anonymous_id', 'anonymousId'],
  ['user_id', 'userId'],
  ['group_id', 'groupId'],
  ['previous_id', 'previousId'],
  ['session_id', 'sessionId'],
  ['name', 'name'],
  ['category', 'category'],
] as const;

/**
 * Makes the row of an event: its own fields, its corrected clock, and what the enrichment knows.
 * `messageId` is the event's own, or the one the server made for it.
 */
export function renderEvent(
  event: TypedEvent,
  messageId: string,
  scope: RequestScope,
): RenderedEvent | Rejection {
  const times = readTimes(event, scope);
  if ('reason' in times) return times;
  const { clock, original, sentAt } = times;
  const properties = event.properties ? JSON.stringify(event.properties) : '';
  const traits = event.traits ? JSON.stringify(event.traits) : '';
  const hash = contentHash(event, properties, traits);

  const row: EventRow = {
    project_id: scope.projectId,
    message_id: messageId,
    type: event.type,
    event: storedName(event),
    timestamp: clock.timestamp,
    received_at: scope.receivedAt,
    retention_days: scope.retentionDays,
    content_hash: hash,
  };
  if (storable(original)) row.original_timestamp = original;
  if (storable(sentAt)) row.sent_at = sentAt;
  if (clock.clamped) row.clock_clamped = true;
  if (clock.late) row.late = true;
  for (const [column, field] of IDS) {
    const value = event[field];
    if (value != null && value !== '') row[column] = String(value);
  }
  const input: EnrichInput = {
    event,
    context: (event.context as Record<string, unknown> | null | undefined) ?? EMPTY,
    properties: (event.properties as Record<string, unknown> | null | undefined) ?? EMPTY,
    request: scope,
  };
  for (const enrich of ENRICH_STEPS) enrich(row, input);

  // The JSON of properties and traits is spliced in, rather than made a second time.
  let line = JSON.stringify(row).slice(0, -1);
  if (properties.length > 2) line += `,"properties":${properties}`;
  if (traits.length > 2) line += `,"traits":${traits}`;
  const context = input.context === EMPTY ? undefined : leftoverContext(input.context);
  if (context) line += `,"context":${JSON.stringify(context)}`;
  return { line: `${line}}`, mark: [messageId, clock.madeAt, hash] };
}
