import type { EventRow } from '@millrace/warehouse-schema';
import type { TypedEvent } from '../event-schema.ts';
import { createGenerationCache } from '../generation-cache.ts';

/** What the server knows of a request, beside its body. */
export interface RequestFacts {
  /** The client's address, already truncated; absent when unknown. */
  ip: string | undefined;
  /** The `User-Agent` header. */
  userAgent: string | undefined;
}

/** What a step may read. `context` and `properties` came from outside: any value may stand anywhere. */
export interface EnrichInput {
  type: TypedEvent['type'];
  context: Readonly<Record<string, unknown>>;
  properties: Readonly<Record<string, unknown>>;
  request: RequestFacts;
}

/** Some columns of a row. */
export type Columns = Partial<EventRow>;

/**
 * One step of enrichment: `read` picks texts out of an event, and `derive` makes columns of those
 * texts alone. Since it sees nothing else, equal texts give equal columns, and the columns of a user
 * agent or a page are derived and stringified once rather than for every event.
 */
export interface EnrichStep<Texts extends readonly (string | undefined)[]> {
  read(input: EnrichInput): Texts;
  derive(...texts: Texts): Columns;
}

/** Renders the columns of an event as JSON members in UTF-8, each with a comma before it; empty if there are none. */
export type ColumnRenderer = (input: EnrichInput) => Buffer;

const CACHE_SIZE = 2_000;

function areEqual(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/**
 * Makes a renderer of `step` that remembers what it rendered lately; first of all the last event's,
 * since most events of a batch come from one page of one browser.
 */
export function createColumnRenderer<Texts extends readonly (string | undefined)[]>(
  step: EnrichStep<Texts>,
): ColumnRenderer {
  const cache = createGenerationCache<Buffer>(CACHE_SIZE);
  let lastTexts: Texts | undefined;
  let lastMembers: Buffer = Buffer.alloc(0);
  return (input) => {
    const texts = step.read(input);
    if (lastTexts !== undefined && areEqual(lastTexts, texts)) return lastMembers;
    // A text that holds the separator only makes a key of more parts, which no other texts have.
    lastMembers = cache.get(texts.join('\u0000'), () => {
      const json = JSON.stringify(step.derive(...texts));
      return Buffer.from(json === '{}' ? '' : `,${json.slice(1, -1)}`);
    });
    lastTexts = texts;
    return lastMembers;
  };
}

/** The field `key` of `value` if that is a string that is not empty. */
export function stringAt(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (value as Record<string, unknown>)[key];
  return typeof field === 'string' && field !== '' ? field : undefined;
}
