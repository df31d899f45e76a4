import type { TypedEvent } from '../event-schema.ts';
import { leftoverContext } from '../leftover-context.ts';
import { contextMembers } from './enrich.ts';
import type { RequestFacts } from './enrich-step.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A context that was parsed and split into columns, and will be seen again: it is that of a page in a browser. */
export interface KnownContext {
  readonly fields: Fields;
  /** What no column takes, as JSON; empty if that is nothing. */
  readonly leftover: Buffer;
  /** The `contextMembers` of an event that is no `page`, under the `User-Agent` header of `request`. */
  membersFor(type: TypedEvent['type'], request: RequestFacts): Buffer | undefined;
}

const CACHE_SIZE = 2_000;
const MAX_KEPT_BYTES = 4096;
const NO_BYTES = Buffer.alloc(0);

function createKnownContext(fields: Fields): KnownContext {
  const leftover = leftoverContext(fields);
  let header: string | undefined;
  let members: Buffer | undefined;
  return {
    fields,
    leftover: leftover ? Buffer.from(JSON.stringify(leftover)) : NO_BYTES,
    membersFor(type, request) {
      // A page event says in its properties where it is.
      if (type === 'page') return undefined;
      if (members === undefined || header !== request.userAgent) {
        members = contextMembers({ type, context: fields, properties: {}, request });
        header = request.userAgent;
      }
      return members;
    },
  };
}

/** The context of an event without one. */
export const NO_CONTEXT = createKnownContext({});

interface Entry {
  json: Buffer;
  known: KnownContext;
}

// Two generations, as in `createGenerationCache`, but by a hash: making a string of every context to
// look it up would cost more than the look-up.
let young = new Map<number, Entry>();
let old = new Map<number, Entry>();

/** A hash of the bytes, four at a time, that is small enough to be a cheap key. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x9e3779b1);
  return hash & 0x3fffffff;
}

/** The context that the JSON between `start` and `end` says, an object. */
export function knownContext(bytes: Buffer, start: number, end: number): KnownContext {
  const hash = hashBytes(bytes, start, end);
  const hit = young.get(hash) ?? old.get(hash);
  const isSame = hit?.json.length === end - start && hit.json.compare(bytes, start, end) === 0;
  const json = isSame ? hit.json : Buffer.from(bytes.subarray(start, end));
  const known = isSame ? hit.known : createKnownContext(JSON.parse(json.toString()) as Fields);
  if (json.length > MAX_KEPT_BYTES || (isSame && young.has(hash))) return known;
  if (young.size >= CACHE_SIZE) {
    old = young;
    young = new Map();
  }
  young.set(hash, { json, known });
  return known;
}
