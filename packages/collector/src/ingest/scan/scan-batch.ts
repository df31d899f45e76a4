import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { CollectorLimits } from '../../collector-limits.ts';
import { createJsonSkipper, FAIL, wantMembers } from './skip-json.ts';

/** The fields of an event whose places are noted; a place is `spans[at + 2 * SLOT.x]` and the one after. */
const FIELDS = [
  'type',
  'messageId',
  'event',
  'name',
  'category',
  'anonymousId',
  'userId',
  'groupId',
  'previousId',
  'sessionId',
  'timestamp',
  'originalTimestamp',
  'sentAt',
  'properties',
  'traits',
  'context',
] as const;
const MONEY = ['revenue', 'currency'] as const;

type Slots<K extends string> = { readonly [key in K]: number };

const numbered = <K extends string>(keys: readonly K[], first: number): Slots<K> =>
  Object.fromEntries(keys.map((key, index) => [key, first + index])) as Slots<K>;

/** The slot of each field; `revenue` and `currency` are those of the properties, `whole` is the event itself. */
export const SLOT = {
  ...numbered(FIELDS, 0),
  ...numbered(MONEY, FIELDS.length),
  whole: FIELDS.length + MONEY.length,
};

/** How many numbers of `spans` belong to one event. */
export const SPANS_PER_EVENT = 2 * (SLOT.whole + 1);

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;

const skipper = createJsonSkipper();
const money = wantMembers(MONEY);
const fields = wantMembers(FIELDS, { properties: money });

/** A batch whose bytes were found good, and where in them everything is. A missing field is the empty span 0, 0. */
export interface ScannedBatch {
  bytes: Buffer;
  /** The members of the body beside `batch`. */
  envelope: Record<string, unknown>;
  count: number;
  spans: Int32Array;
}

// Stands for the events in what is parsed of a body. No client can know it, and so pretend a batch.
const CUT = randomUUID();
const BATCH_KEY = Buffer.from('"batch":[');

/** Scans the elements of the batch that begins at `start`, into `spans`; answers where the array ends. */
function scanEvents(
  bytes: Buffer,
  start: number,
  maxDepth: number,
  into: { count: number; spans: Int32Array },
) {
  let at = start;
  if (bytes[at + 1] === CLOSE_ARRAY) return at + 2;
  do {
    const begin = at + 1;
    const spansAt = into.count * SPANS_PER_EVENT;
    if (spansAt + SPANS_PER_EVENT > into.spans.length) {
      const larger = new Int32Array(2 * into.spans.length);
      larger.set(into.spans);
      into.spans = larger;
    }
    fields.spans = into.spans;
    fields.at = spansAt;
    money.spans = into.spans;
    money.at = spansAt + 2 * FIELDS.length;
    at =
      bytes[begin] === OPEN_OBJECT
        ? skipper.skipObject(bytes, begin, maxDepth, fields)
        : skipper.skipValue(bytes, begin, maxDepth);
    if (at === FAIL) return FAIL;
    into.spans[spansAt + 2 * SLOT.whole] = begin;
    into.spans[spansAt + 2 * SLOT.whole + 1] = at;
    into.count++;
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE_ARRAY ? at + 1 : FAIL;
}

/** What is left of a body without its events is small, and parsing it shows whether the whole was JSON. */
function parseEnvelope(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds the events of a batch without parsing them. Answers undefined for a body that is not exactly
 * as JavaScript would write it, or that is unusual otherwise; `JSON.parse` then decides what it is.
 */
export function scanBatch(
  bytes: Buffer,
  limits: Pick<CollectorLimits, 'maxDepth'>,
): ScannedBatch | undefined {
  const key = bytes.indexOf(BATCH_KEY);
  if (key < 0 || !isUtf8(bytes)) return undefined;
  skipper.reset();
  const found = { count: 0, spans: new Int32Array(64 * SPANS_PER_EVENT) };
  const start = key + BATCH_KEY.length - 1;
  const end = bytes[start] === OPEN_ARRAY ? scanEvents(bytes, start, limits.maxDepth, found) : FAIL;
  if (end === FAIL) return undefined;
  const envelope = parseEnvelope(`${bytes.toString('utf8', 0, start)}"${CUT}"${bytes.toString('utf8', end)}`);
  // What was found is the body's own batch, and there is no context for its events to share.
  if (envelope?.batch !== CUT || envelope.context !== undefined) return undefined;
  return { bytes, envelope, count: found.count, spans: found.spans };
}

/** Parses one event of a batch that was scanned. */
export function parseScanned({ bytes, spans }: ScannedBatch, number: number): unknown {
  const at = number * SPANS_PER_EVENT + 2 * SLOT.whole;
  return JSON.parse(bytes.toString('utf8', spans[at], spans[at + 1]));
}
