/** How an analytics client is made. */
export interface AnalyticsOptions {
  /** The project's write key. It may be seen by everyone: it allows writing only. */
  writeKey: string;
  /** Where the collector is, as in `https://events.example.com`; a path before `/v1/batch` may follow. */
  host: string;
  /** How long an event may wait for others that travel with it. @default 200 */
  flushIntervalMs?: number;
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

/** The options with their defaults, and with `host` without a slash at its end. Throws an AnalyticsOptionsError. */
export function readOptions(options: AnalyticsOptions): Required<AnalyticsOptions> {
  const { writeKey, host, flushIntervalMs = 200 } = options ?? {};
  const check = (ok: boolean, option: keyof AnalyticsOptions, expected: string): void => {
    if (!ok) throw new AnalyticsOptionsError(option, expected);
  };
  check(typeof writeKey === 'string' && writeKey !== '', 'writeKey', 'a string that is not empty');
  check(/^https?:\/\/[^/?#]+[^?#]*$/.test(host), 'host', 'a URL like "https://events.example.com"');
  check(flushIntervalMs >= 0 && flushIntervalMs <= 60_000, 'flushIntervalMs', 'a number from 0 to 60000');
  return { writeKey, host: host.replace(/\/+$/, ''), flushIntervalMs };
}
