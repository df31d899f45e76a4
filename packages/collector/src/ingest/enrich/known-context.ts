import type { TypedEvent } from '../event-schema.ts';
import { createGenerationCache } from '../generation-cache.ts';
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
const NO_BYTES = Buffer.alloc(0);
const cache = createGenerationCache<KnownContext>(CACHE_SIZE);

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

/** The context that the JSON between `start` and `end` says, an object. */
export function knownContext(bytes: Buffer, start: number, end: number): KnownContext {
  // Latin-1 is the cheapest text to make, and tells any bytes apart.
  return cache.get(bytes.toString('latin1', start, end), () =>
    createKnownContext(JSON.parse(bytes.toString('utf8', start, end)) as Fields),
  );
}
