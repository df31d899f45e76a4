import type { LossReason, WireEvent } from '@millrace/core';
import { type ReadVariantsOptions, readVariantsOptions, type VariantsOptions } from './variants/options.ts';

/** What a client tells about its delivery. */
export interface AnalyticsHooks {
  /** The collector has these events durably. */
  delivered: { messageIds: string[] };
  /** These events are given up. One that never came to be has no id, and `message` says what was wrong. */
  dropped: { reason: LossReason; count: number; messageIds: string[]; message?: string | undefined };
  /** The collector refuses this client: 401 and 403 the key, 402 the quota. What waits is kept until `flush`. */
  stopped: { status: number };
  /** The spool's folder failed; events go on by memory alone. */
  journal: { message: string };
  /** These definitions of flags and experiments count from now on, also after they were stale. */
  definitions: { version: number };
  /** New definitions cannot be had; those that are here go on. `status` 0: no answer. */
  stale: { status: number; message: string };
}

/** How an analytics client is made. */
export interface AnalyticsOptions {
  /** The project's write key. */
  writeKey: string;
  /** Where the collector is, as in `https://events.example.com`; a path before `/v1/batch` may follow. */
  host: string;
  /** How long an event may wait for others that travel with it. @default 500 */
  flushIntervalMs?: number;
  /** How many events make a batch. @default 500 */
  flushAt?: number;
  /** How many events may wait; one more is refused and counted. @default 100000 */
  maxQueueCount?: number;
  /** How many bytes of JSON may wait. @default 67108864, 64 MiB */
  maxQueueBytes?: number;
  /** How many requests may be under way. @default 4 */
  maxInFlight?: number;
  /** How long a request may take. @default 10000 */
  timeoutMs?: number;
  /** Whether batches are compressed. @default true */
  gzip?: boolean;
  /**
   * For serverless and edge: is given a promise of the delivery of what was recorded in this turn, and keeps the
   * host alive until then. Nothing waits for `flushIntervalMs` then.
   */
  waitUntil?: (delivery: Promise<unknown>) => void;
  /** Sees each event last, and may change it; `null` gives it up. What it throws gives it up too, as `invalid`. */
  beforeSend?: (event: WireEvent) => WireEvent | null;
  /** Flags and experiments. Their definitions are loaded at once where this is given, else at the first use. */
  variants?: VariantsOptions;
  /** Hears of every event that is given up. */
  onDrop?: (news: AnalyticsHooks['dropped']) => void;
}

/** Options that cannot be used; `option` names the bad one. Thrown at construction only. */
export class AnalyticsOptionsError extends Error {
  readonly code = 'invalid_option';
  readonly option: string;

  constructor(option: string, expected: string) {
    super(`createAnalytics: "${option}" must be ${expected}`);
    this.name = 'AnalyticsOptionsError';
    this.option = option;
  }
}

/** The options with their defaults. */
export type ReadOptions = AnalyticsOptions &
  Required<Omit<AnalyticsOptions, 'waitUntil' | 'beforeSend' | 'onDrop' | 'variants'>> & {
    variants: ReadVariantsOptions;
  };

const BOUNDS = {
  flushIntervalMs: [500, 0, 60_000],
  flushAt: [500, 1, 10_000],
  maxQueueCount: [100_000, 1, 10_000_000],
  maxQueueBytes: [64 * 1024 * 1024, 1024, 4 * 1024 ** 3],
  maxInFlight: [4, 1, 64],
  timeoutMs: [10_000, 1, 600_000],
} as const;

/** The options with their defaults, and with `host` without a slash at its end. Throws an AnalyticsOptionsError. */
export function readOptions(options: AnalyticsOptions): ReadOptions {
  const { writeKey, host, gzip = true } = options ?? {};
  const check = (ok: boolean, option: keyof AnalyticsOptions, expected: string): void => {
    if (!ok) throw new AnalyticsOptionsError(option, expected);
  };
  check(typeof writeKey === 'string' && writeKey !== '', 'writeKey', 'a string');
  check(/^https?:\/\/[^/?#]+[^?#]*$/.test(host), 'host', 'a URL of http or https');
  check(typeof gzip === 'boolean', 'gzip', 'true or false');
  for (const option of ['waitUntil', 'beforeSend', 'onDrop'] as const) {
    check(['undefined', 'function'].includes(typeof options[option]), option, 'a function');
  }
  const bound = (option: keyof typeof BOUNDS): number => {
    const [byDefault, min, max] = BOUNDS[option];
    const value: unknown = options[option] ?? byDefault;
    check(Number.isInteger(value), option, `a whole number from ${min} to ${max}`);
    check(
      (value as number) >= min && (value as number) <= max,
      option,
      `a whole number from ${min} to ${max}`,
    );
    return value as number;
  };
  return {
    ...options,
    writeKey,
    host: host.replace(/\/+$/, ''),
    gzip,
    flushIntervalMs: bound('flushIntervalMs'),
    flushAt: bound('flushAt'),
    maxQueueCount: bound('maxQueueCount'),
    maxQueueBytes: bound('maxQueueBytes'),
    maxInFlight: bound('maxInFlight'),
    timeoutMs: bound('timeoutMs'),
    variants: readVariantsOptions(options.variants, (option, expected) => {
      throw new AnalyticsOptionsError(option, expected);
    }),
  };
}
