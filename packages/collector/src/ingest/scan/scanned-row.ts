import { crc32 } from 'node:zlib';
import { MAX_MESSAGE_ID_BYTES } from '@millrace/core';
import type { EventMark } from '../../log/record.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { type CorrectedClock, correctClock } from '../correct-clock.ts';
import { enrich } from '../enrich/enrich.ts';
import { knownContext, NO_CONTEXT } from '../enrich/known-context.ts';
import { isStorableTime, type RequestScope } from '../event-row.ts';
import type { TypedEvent } from '../event-schema.ts';
import {
  endOf,
  isEmptyObject,
  isMissing,
  isMissingOr,
  isPlainText,
  type Places,
  parseAt,
  plainTextAt,
  startOf,
  textBytes,
} from './event-places.ts';
import { type ScannedBatch, SLOT, SPANS_PER_EVENT } from './scan-batch.ts';
import { scanTime } from './scan-time.ts';

type Fields = Readonly<Record<string, unknown>>;

const EMPTY: Fields = {};

/**
 * Writes the row of an event out of the bytes it came in, without parsing more of it than a context
 * not seen before. The row and the mark are those that `writeEventRow` makes of the parsed event.
 * Writes nothing and answers undefined for an event that is refused, or in any way out of the
 * ordinary: that one is parsed, and `writeEventRow` and `checkEvent` say what becomes of it.
 */
export type ScannedRowWriter = (
  batch: ScannedBatch,
  number: number,
  maxEventBytes: number,
  scope: RequestScope,
  shared: Uint8Array,
  out: ByteWriter,
) => EventMark | undefined;

// A closure, so that its constants stay constants when bundled; see `createJsonSkipper`.
function createScannedRowWriter(): ScannedRowWriter {
  const QUOTE = 0x22;
  const OPEN_OBJECT = 0x7b;
  const member = (column: string): Buffer => Buffer.from(`,"${column}":`);

  /** The types of events, as they stand in JSON, and what begins the row of each. */
  const TYPES = (['track', 'identify', 'page', 'screen', 'group', 'alias'] as const).map((type) => ({
    type,
    json: Buffer.from(`"${type}"`),
    members: Buffer.from(
      type === 'track' ? ',"type":"track","event":' : `,"type":"${type}","event":"$${type}"`,
    ),
  }));

  /** The text columns that hold a field as it came, in the order in which they are hashed. */
  const TEXTS: readonly [slot: number, member: Buffer][] = [
    [SLOT.anonymousId, member('anonymous_id')],
    [SLOT.userId, member('user_id')],
    [SLOT.groupId, member('group_id')],
    [SLOT.previousId, member('previous_id')],
    [SLOT.sessionId, member('session_id')],
    [SLOT.name, member('name')],
    [SLOT.category, member('category')],
  ];
  const OBJECTS: readonly [slot: number, member: Buffer][] = [
    [SLOT.properties, member('properties')],
    [SLOT.traits, member('traits')],
  ];
  const ORIGINAL_TIMESTAMP = member('original_timestamp');
  const MESSAGE_ID = member('message_id');
  const TIMESTAMP = member('timestamp');
  const CONTENT_HASH = member('content_hash');
  const CONTEXT = member('context');
  const CLAMPED = Buffer.from(',"clock_clamped":true');
  const LATE = Buffer.from(',"late":true');
  const END = Buffer.from('}\n');

  function typeOf(places: Places): (typeof TYPES)[number] | undefined {
    const start = startOf(places, SLOT.type);
    const size = endOf(places, SLOT.type) - start;
    for (const type of TYPES) {
      if (type.json.length === size && type.json.compare(places.bytes, start, start + size) === 0)
        return type;
    }
    return undefined;
  }

  /** Whether the `messageId` is one that the wire allows, and can be read as it stands. */
  function hasPlainId(places: Places): boolean {
    const size = textBytes(places, SLOT.messageId);
    return size > 0 && size <= MAX_MESSAGE_ID_BYTES && isPlainText(places, SLOT.messageId);
  }

  /** Whether each field has the type that nearly every event gives it. */
  function hasUsualFields(places: Places, scope: RequestScope): boolean {
    for (const [slot] of TEXTS) if (!isMissingOr(places, slot, QUOTE)) return false;
    for (const [slot] of OBJECTS) if (!isMissingOr(places, slot, OPEN_OBJECT)) return false;
    return (
      isMissingOr(places, SLOT.event, QUOTE) &&
      isMissingOr(places, SLOT.context, OPEN_OBJECT) &&
      places.bytes[startOf(places, SLOT.timestamp)] === QUOTE &&
      isMissing(places, SLOT.originalTimestamp) &&
      (isMissing(places, SLOT.sentAt) ||
        (scope.sentAt !== undefined && isMissingOr(places, SLOT.sentAt, QUOTE))) &&
      (textBytes(places, SLOT.userId) > 0 || textBytes(places, SLOT.anonymousId) > 0)
    );
  }

  /** A text, number or other value of the properties. */
  function propertyAt(places: Places, slot: number): unknown {
    if (endOf(places, slot) === 0) return undefined;
    return isPlainText(places, slot) ? plainTextAt(places, slot) : parseAt(places, slot);
  }

  /** As much of the properties as the enrichment reads. */
  function readProperties(places: Places, type: TypedEvent['type']): Fields {
    if (type === 'page')
      return isEmptyObject(places, SLOT.properties) ? EMPTY : (parseAt(places, SLOT.properties) as Fields);
    const revenue = propertyAt(places, SLOT.revenue);
    const currency = propertyAt(places, SLOT.currency);
    return revenue === undefined && currency === undefined ? EMPTY : { revenue, currency };
  }

  /** Writes what the client itself said; byte for byte what `writeEventRow` writes and hashes. */
  function writeContent(
    places: Places,
    type: (typeof TYPES)[number],
    original: number,
    out: ByteWriter,
  ): void {
    const { bytes } = places;
    out.bytes(type.members);
    if (type.type === 'track') out.slice(bytes, startOf(places, SLOT.event), endOf(places, SLOT.event));
    if (isStorableTime(original)) {
      out.bytes(ORIGINAL_TIMESTAMP);
      out.integer(original);
    }
    for (const [slot, name] of TEXTS) {
      if (textBytes(places, slot) === 0) continue;
      out.bytes(name);
      out.slice(bytes, startOf(places, slot), endOf(places, slot));
    }
    for (const [slot, name] of OBJECTS) {
      if (isEmptyObject(places, slot)) continue;
      out.bytes(name);
      out.slice(bytes, startOf(places, slot), endOf(places, slot));
    }
  }

  /** Writes what the server adds after the columns of the enrichment. */
  function writeRest(
    places: Places,
    clock: CorrectedClock,
    hash: number,
    leftover: Uint8Array,
    out: ByteWriter,
  ): void {
    out.bytes(MESSAGE_ID);
    out.slice(places.bytes, startOf(places, SLOT.messageId), endOf(places, SLOT.messageId));
    out.bytes(TIMESTAMP);
    out.integer(clock.timestamp);
    out.bytes(CONTENT_HASH);
    out.integer(hash);
    if (clock.clamped) out.bytes(CLAMPED);
    if (clock.late) out.bytes(LATE);
    if (leftover.length > 0) {
      out.bytes(CONTEXT);
      out.bytes(leftover);
    }
    out.bytes(END);
  }

  function writeScannedRow(
    batch: ScannedBatch,
    number: number,
    maxEventBytes: number,
    scope: RequestScope,
    shared: Uint8Array,
    out: ByteWriter,
  ): EventMark | undefined {
    const { bytes } = batch;
    const places: Places = { bytes, spans: batch.spans, at: number * SPANS_PER_EVENT };
    if (endOf(places, SLOT.whole) - startOf(places, SLOT.whole) > maxEventBytes) return undefined;
    if (!hasUsualFields(places, scope) || !hasPlainId(places)) return undefined;
    const type = typeOf(places);
    if (!type || (type.type === 'track' && textBytes(places, SLOT.event) === 0)) return undefined;
    const original = scanTime(bytes, startOf(places, SLOT.timestamp), endOf(places, SLOT.timestamp));
    if (!(original >= 0)) return undefined;
    const clock = correctClock(scope.receivedAt, original, scope.sentAt, scope.retentionDays);
    if (clock.outOfRange) return undefined;

    const context = isEmptyObject(places, SLOT.context)
      ? NO_CONTEXT
      : knownContext(bytes, startOf(places, SLOT.context), endOf(places, SLOT.context));
    const properties = readProperties(places, type.type);
    out.bytes(shared);
    const contentStart = out.length();
    writeContent(places, type, original, out);
    const hash = crc32(out.since(contentStart));
    const input = { type: type.type, context: context.fields, properties, request: scope };
    enrich(input, out, context.membersFor(type.type, scope));
    writeRest(places, clock, hash, context.leftover, out);
    return [plainTextAt(places, SLOT.messageId), clock.madeAt, hash];
  }

  return writeScannedRow;
}

export const writeScannedRow = createScannedRowWriter();
