import type { EventRow } from '@millrace/warehouse-schema';
import type { TypedEvent } from '../event-schema.ts';

/** What the server knows of a request, beside its body. */
export interface RequestFacts {
  /** The client's address, already truncated; absent when unknown. */
  ip: string | undefined;
  /** The `User-Agent` header. */
  userAgent: string | undefined;
}

/** What a step may read. `context` and `properties` came from outside: any value may stand anywhere. */
export interface EnrichInput {
  event: TypedEvent;
  context: Readonly<Record<string, unknown>>;
  properties: Readonly<Record<string, unknown>>;
  request: RequestFacts;
}

/** Fills columns of `row` from `input`, and changes nothing else. Leaves a column out when it is empty. */
export type EnrichStep = (row: EventRow, input: EnrichInput) => void;

/** The field `key` of `value` if that is a string that is not empty. */
export function stringAt(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (value as Record<string, unknown>)[key];
  return typeof field === 'string' && field !== '' ? field : undefined;
}
