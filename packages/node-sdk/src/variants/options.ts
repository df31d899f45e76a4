import type { Json } from '@millrace/core';
import { type Definitions, prepareDefinitions } from '@millrace/core/evaluation';
import type { StickyStore } from '../scope.ts';
import { isReadable } from './fetch-definitions.ts';

/** How a client evaluates flags and experiments. It needs the project's server key as its write key. */
export interface VariantsOptions {
  /** Which of the project's environments. @default 'production' */
  environment?: string;
  /** Definitions that count until the collector has given newer ones, as of a file: no first call waits then. */
  bootstrap?: Definitions;
  /** How often to look for news besides what the collector tells by itself. @default 60000 */
  pollIntervalMs?: number;
  /** Whether to hold a connection over which the collector tells of changes. @default true; never at the edge */
  push?: boolean;
  /** Where sticky assignments are. @default in memory, of the last 100,000 units */
  sticky?: StickyStore;
  /** Variants and values for everybody, as in tests. */
  overrides?: { [key: string]: Json };
}

/** The options with their defaults. */
export type ReadVariantsOptions = VariantsOptions &
  Required<Pick<VariantsOptions, 'environment' | 'pollIntervalMs' | 'push'>>;

/** The options with their defaults. `refuse` throws. */
export function readVariantsOptions(
  options: VariantsOptions | undefined,
  refuse: (option: string, expected: string) => never,
): ReadVariantsOptions {
  const given = options ?? {};
  if (typeof given !== 'object') refuse('variants', 'an object');
  const { environment = 'production', pollIntervalMs = 60_000, push = true, bootstrap, sticky } = given;
  if (typeof environment !== 'string' || environment === '') refuse('variants.environment', 'a name');
  if (!Number.isInteger(pollIntervalMs) || pollIntervalMs < 1_000 || pollIntervalMs > 86_400_000) {
    refuse('variants.pollIntervalMs', 'a whole number from 1000 to 86400000');
  }
  if (typeof push !== 'boolean') refuse('variants.push', 'true or false');
  if (bootstrap !== undefined && !isReadable(bootstrap))
    refuse('variants.bootstrap', 'definitions of format 1');
  if (sticky !== undefined && !(typeof sticky?.get === 'function' && typeof sticky.set === 'function')) {
    refuse('variants.sticky', 'a store with get and set');
  }
  const prepared = bootstrap === undefined ? undefined : prepare(bootstrap);
  if (prepared === null) return refuse('variants.bootstrap', 'definitions of format 1');
  return { ...given, environment, pollIntervalMs, push, ...(prepared && { bootstrap: prepared }) };
}

/** Null where nothing can be made of them. */
function prepare(definitions: unknown): Definitions | null {
  try {
    return isReadable(definitions) ? prepareDefinitions(definitions) : null;
  } catch {
    return null;
  }
}
